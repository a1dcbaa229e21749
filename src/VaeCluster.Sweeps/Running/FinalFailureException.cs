namespace VaeCluster.Sweeps.Running;

/// <summary>A trial failed in a way that retrying cannot fix.</summary>
/// <param name="fault">The cause.</param>
public sealed class FinalFailureException(Exception fault) : Exception(fault.Message, fault);
