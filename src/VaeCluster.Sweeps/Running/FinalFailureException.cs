namespace VaeCluster.Sweeps.Running;

/// <summary>A trial that failed and would fail again, however often it went on.</summary>
/// <param name="fault">Why.</param>
public sealed class FinalFailureException(Exception fault) : Exception(fault.Message, fault);
