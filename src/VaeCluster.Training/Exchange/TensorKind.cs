namespace VaeCluster.Training.Exchange;

/// <summary>What a tensor on the wire is for.</summary>
public enum TensorKind : byte
{
    /// <summary>A sum of gradients at one node of the tree: from a worker to a parameter server.</summary>
    Gradient = 1,

    /// <summary>Weights of a new version: from a parameter server to whoever computes.</summary>
    Weights = 2,

    /// <summary>State read from a checkpoint: to a parameter server.</summary>
    Restore = 3,

    /// <summary>State to be written to a checkpoint: from a parameter server.</summary>
    Snapshot = 4,
}
