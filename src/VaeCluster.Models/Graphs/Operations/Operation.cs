namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// What a node computes. The set is small on purpose: an engine implements each of these and nothing else,
/// and a model or objective is composed from them.
/// </summary>
public abstract record Operation;
