namespace VaeCluster.Training.InProcess;

/// <summary>Every worker is gone, so the step cannot be finished.</summary>
public sealed class NoWorkersException() : Exception("no worker is left; the run can be resumed from its last checkpoint");
