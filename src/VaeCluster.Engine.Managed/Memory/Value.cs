namespace VaeCluster.Engine.Managed.Memory;

/// <summary>
/// Memory of one node. A value of every example is kept feature by feature, [size, stride], the examples side by side: vectors then run over
/// examples, products need no packing, and slices and reshapes are the same memory. A value that is not per example is [size], and its
/// gradient [shards, size].
/// </summary>
internal sealed unsafe class Value
{
    internal required int Size { get; init; }

    internal required bool PerExample { get; init; }

    /// <summary>Elements from one feature to the next: the examples, rounded up to whole vectors; 1 where there is one value for all.</summary>
    internal required int Stride { get; init; }

    internal float* Data { get; set; }

    /// <summary>Whether it is kept as a <see cref="Convolutions.Grid"/>, the channels of a position side by side.</summary>
    internal bool IsGrid { get; init; }

    /// <summary>Null where no gradient flows.</summary>
    internal float* Gradient { get; set; }

    /// <summary>Elements of <see cref="Gradient"/>.</summary>
    internal int GradientLength { get; init; }

    /// <summary>Whether consumers add to the gradient, which is then cleared first, or the one consumer overwrites it.</summary>
    internal bool Accumulates { get; set; }

    internal bool HasGradient => Gradient != null;
}
