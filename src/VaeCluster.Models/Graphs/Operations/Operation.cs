namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// What a node computes. The set of operations is deliberately small: an engine implements these and nothing else, and models and
/// objectives are composed of them.
/// </summary>
public abstract record Operation;
