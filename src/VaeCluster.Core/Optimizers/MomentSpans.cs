namespace VaeCluster.Core.Optimizers;

/// <summary>One piece of each of an optimiser's moments.</summary>
public readonly struct MomentSpans
{
    private readonly Memory<float>[] _moments;
    private readonly int _offset;
    private readonly int _length;

    /// <summary>The same piece of each vector.</summary>
    /// <param name="moments">The moments.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="length">How long it is.</param>
    public MomentSpans(Memory<float>[] moments, int offset, int length) : this(moments, offset, length, moments.Length)
    {
    }

    /// <summary>Whole vectors.</summary>
    /// <param name="moments">The moments, of equal lengths.</param>
    public MomentSpans(params Memory<float>[] moments) : this(moments, 0, moments.Length == 0 ? 0 : moments[0].Length)
    {
    }

    private MomentSpans(Memory<float>[] moments, int offset, int length, int count)
    {
        _moments = moments;
        _offset = offset;
        _length = length;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The piece of one of them.</summary>
    /// <param name="index">Which, from 0.</param>
    public Span<float> this[int index] => _moments[index].Span.Slice(_offset, _length);

    /// <summary>The first of them.</summary>
    /// <param name="count">How many.</param>
    public MomentSpans First(int count) => new(_moments, _offset, _length, count);

    /// <summary>The check that every optimiser makes before it touches memory.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradientSum">Their gradient.</param>
    /// <param name="needed">Moments that it needs.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are too few moments.</exception>
    internal void Check(ReadOnlySpan<float> weights, ReadOnlySpan<float> gradientSum, int needed)
    {
        if (gradientSum.Length != weights.Length) throw new ArgumentException($"{gradientSum.Length} gradients for {weights.Length} weights", nameof(gradientSum));
        if (Count < needed) throw new ArgumentException($"{Count} moments where {needed} are needed", nameof(needed));
        for (int i = 0; i < needed; i++)
            if (this[i].Length != weights.Length) throw new ArgumentException($"{this[i].Length} elements of moment {i + 1} for {weights.Length} weights", nameof(needed));
    }
}
