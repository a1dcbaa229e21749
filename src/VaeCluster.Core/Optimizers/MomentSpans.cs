namespace VaeCluster.Core.Optimizers;

/// <summary>The same piece of each of an optimiser's moment vectors.</summary>
public readonly struct MomentSpans
{
    private readonly Memory<float>[] _moments;
    private readonly int _offset;
    private readonly int _length;

    /// <summary>Selects a piece of each vector.</summary>
    /// <param name="moments">The moments.</param>
    /// <param name="offset">Index of the piece's first element.</param>
    /// <param name="length">Number of elements in the piece.</param>
    public MomentSpans(Memory<float>[] moments, int offset, int length) : this(moments, offset, length, moments.Length)
    {
    }

    /// <summary>Selects the whole vectors.</summary>
    /// <param name="moments">The moments, all of the same length.</param>
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

    /// <summary>Number of moments.</summary>
    public int Count { get; }

    /// <summary>The piece of one moment.</summary>
    /// <param name="index">Index of the moment, from 0.</param>
    public Span<float> this[int index] => _moments[index].Span.Slice(_offset, _length);

    /// <summary>The first few moments.</summary>
    /// <param name="count">How many to keep.</param>
    public MomentSpans First(int count) => new(_moments, _offset, _length, count);

    /// <summary>Checks the lengths before an optimiser touches memory.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or there are fewer moments than needed.</exception>
    internal void Check(ReadOnlySpan<float> weights, ReadOnlySpan<float> gradientSum, int needed)
    {
        if (gradientSum.Length != weights.Length)
            throw new ArgumentException($"{gradientSum.Length} gradients for {weights.Length} weights", nameof(gradientSum));
        if (Count < needed) throw new ArgumentException($"{needed} moments are needed, but there are {Count}", nameof(needed));
        for (int i = 0; i < needed; i++)
            if (this[i].Length != weights.Length)
                throw new ArgumentException($"{this[i].Length} elements of moment {i + 1} for {weights.Length} weights", nameof(needed));
    }
}
