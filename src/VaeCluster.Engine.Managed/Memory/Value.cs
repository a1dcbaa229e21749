namespace VaeCluster.Engine.Managed.Memory;

/// <summary>
/// Memory of one node. A per-example value is stored feature by feature, [size, stride], with the examples of a feature adjacent: vectors
/// run over examples, products need no packing, and slices and reshapes share memory. A value that is not per example has shape [size], and
/// its gradient [shards, size].
/// </summary>
internal sealed unsafe class Value
{
    internal required int Size { get; init; }

    /// <summary>Whether it has rows: one per example, or a number of its own.</summary>
    internal required bool PerExample { get; init; }

    /// <summary>
    /// Elements from one feature to the next: the number of examples rounded up to whole vectors, or 1 if not per example.
    /// </summary>
    internal required int Stride { get; init; }

    internal float* Data { get; set; }

    /// <summary>Whether it has the layout of <see cref="Convolutions.Grid"/>, with the channels of a position adjacent.</summary>
    internal bool IsGrid { get; init; }

    /// <summary>The gradient, or null if it is not needed.</summary>
    internal float* Gradient { get; set; }

    /// <summary>Number of elements of <see cref="Gradient"/>.</summary>
    internal int GradientLength { get; init; }

    /// <summary>Whether several consumers add to the gradient, which is cleared first; otherwise the only consumer overwrites it.</summary>
    internal bool Accumulates { get; set; }

    internal bool HasGradient => Gradient != null;
}
