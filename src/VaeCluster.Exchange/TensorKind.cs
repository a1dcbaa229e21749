namespace VaeCluster.Exchange;

/// <summary>
/// What a tensor on the wire is for. The last three are no tensors but notes, a few words of a step's control, each in one piece.
/// </summary>
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

    /// <summary>A note: what to compute; from the coordinator to a worker.</summary>
    Assignment = 5,

    /// <summary>A note: the root of a step is there; from a parameter server to the coordinator.</summary>
    Root = 6,

    /// <summary>A note: how a step is closed; from the coordinator to a parameter server.</summary>
    Decision = 7,
}
