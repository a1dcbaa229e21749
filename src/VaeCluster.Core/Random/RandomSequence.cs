namespace VaeCluster.Core.Random;

/// <summary>Reads the words of a <see cref="RandomStream"/> in order, for draws that use a varying number of words.</summary>
/// <param name="stream">The stream, read from its beginning.</param>
public sealed class RandomSequence(RandomStream stream)
{
    private readonly uint[] _words = new uint[RandomStream.ChunkSize];
    private uint _chunk;
    private int _next = RandomStream.ChunkSize;

    /// <summary>The next word.</summary>
    public uint NextBits()
    {
        if (_next == _words.Length)
        {
            stream.FillChunk(_chunk++, _words);
            _next = 0;
        }

        return _words[_next++];
    }

    /// <summary>A number uniform in [0, 1) with 53 bits, from two words.</summary>
    public double NextUniform()
    {
        ulong high = NextBits() >> 5;
        ulong low = NextBits() >> 6;
        return ((high << 26) | low) * (1.0 / (1L << 53));
    }

    /// <summary>
    /// An integer uniform in 0 … bound − 1: the upper half of word · bound, redrawn in the few cases that would bias the result
    /// (Lemire: Fast random integer generation in an interval. TOMACS 2019).
    /// </summary>
    /// <param name="bound">The exclusive upper bound, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint range = (uint)bound;
        uint surplus = (uint)(0x1_0000_0000UL % range);
        ulong product;
        do
        {
            product = (ulong)NextBits() * range;
        }
        while ((uint)product < surplus);

        return (int)(product >> 32);
    }
}
