using VaeCluster.Training.Steps;

namespace VaeCluster.Exchange;

/// <summary>Which tensor this is, and which piece of it.</summary>
public readonly record struct TensorHeader
{
    /// <summary>What the tensor is for.</summary>
    public TensorKind Kind { get; init; }

    /// <summary>The run it belongs to, as a number that sender and receiver agree on.</summary>
    public ulong Run { get; init; }

    /// <summary>Incarnation of the run's parameter server.</summary>
    public int Generation { get; init; }

    /// <summary>The step, or the version of the weights.</summary>
    public int Step { get; init; }

    /// <summary>The parameter range.</summary>
    public int Range { get; init; }

    /// <summary>Gradient: node of the tree as heap place. Restore and snapshot: 0 the weights, from 1 the moments.</summary>
    public int Part { get; init; }

    /// <summary>Where the piece begins, in elements from the range's first element.</summary>
    public int Offset { get; init; }

    /// <summary>Elements of this piece.</summary>
    public int Count { get; init; }

    /// <summary>Elements of the whole tensor that the pieces make up.</summary>
    public int Total { get; init; }

    /// <summary>Gradient only: the loss terms of the same node.</summary>
    public LossTerms Terms { get; init; }
}
