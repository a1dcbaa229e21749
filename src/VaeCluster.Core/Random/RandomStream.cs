using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Core.Random;

/// <summary>
/// An endless sequence of random numbers that is a pure function of its four coordinates. Word i of the stream is word i mod 4 of the
/// <see cref="Philox4x32"/> block with counter (i div 4, example, time, purpose) and the seed as key. Every fill starts at the
/// beginning of the stream, so a short fill is a prefix of a long one.
/// </summary>
/// <param name="Seed">The run's or the evaluation's seed.</param>
/// <param name="Purpose">What the numbers are for.</param>
/// <param name="Time">The step, epoch or draw; see <see cref="RandomPurpose"/>.</param>
/// <param name="Example">The example or slice; see <see cref="RandomPurpose"/>.</param>
public readonly record struct RandomStream(long Seed, RandomPurpose Purpose, uint Time, uint Example)
{
    /// <summary>Words generated at once: 16 counters of 4 words.</summary>
    internal const int ChunkSize = 64;

    private const int ChunkBlocks = 16;

    /// <summary>Uniformly random 32-bit words.</summary>
    /// <param name="destination">Receives the first words of the stream.</param>
    public void FillBits(Span<uint> destination)
    {
        Span<uint> words = stackalloc uint[ChunkSize];
        for (int start = 0, chunk = 0; start < destination.Length; start += ChunkSize, chunk++)
        {
            int count = Math.Min(ChunkSize, destination.Length - start);
            FillChunk((uint)chunk, words);
            words[..count].CopyTo(destination[start..]);
        }
    }

    /// <summary>Numbers uniform in [0, 1): the upper 24 bits of a word · 2^−24.</summary>
    /// <param name="destination">Receives the first numbers of the stream.</param>
    public void FillUniform(Span<float> destination)
    {
        Span<uint> words = stackalloc uint[ChunkSize];
        Span<float> values = stackalloc float[ChunkSize];
        for (int start = 0, chunk = 0; start < destination.Length; start += ChunkSize, chunk++)
        {
            FillChunk((uint)chunk, words);
            for (int i = 0; i < ChunkSize; i += Lanes.Count) Lanes.Store(Uniform(words, i), values, i);
            values[..Math.Min(ChunkSize, destination.Length - start)].CopyTo(destination[start..]);
        }
    }

    /// <summary>Bernoulli draws: 1 where the stream's uniform number is below p, else 0.</summary>
    /// <param name="p">Probabilities of a 1.</param>
    /// <param name="destination">Receives the draws: as long as <paramref name="p"/>, and may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void FillBernoulli(ReadOnlySpan<float> p, Span<float> destination)
    {
        if (p.Length != destination.Length)
            throw new ArgumentException($"{p.Length} probabilities, but room for {destination.Length} draws", nameof(destination));

        Span<uint> words = stackalloc uint[ChunkSize];
        for (int start = 0, chunk = 0; start < p.Length; start += ChunkSize, chunk++)
        {
            FillChunk((uint)chunk, words);
            int end = Math.Min(start + ChunkSize, p.Length);
            int i = start;
            for (; i <= end - Lanes.Count; i += Lanes.Count) Lanes.Store(Draw(Uniform(words, i - start), Lanes.Load(p, i)), destination, i);
            if (i < end) Lanes.StoreTail(Draw(Uniform(words, i - start), Lanes.LoadTail(p[i..end])), destination[i..end]);
        }
    }

    /// <summary>
    /// Standard normal numbers by the Box–Muller transform of pairs of words: √(−2 log u)·(cos 2πv, sin 2πv), where u is the midpoint of
    /// one of 2^31 equal cells of (0, 1), so that no number is beyond ±6.67.
    /// </summary>
    /// <param name="destination">Receives the first numbers of the stream.</param>
    public void FillNormal(Span<float> destination)
    {
        Span<float> values = stackalloc float[ChunkSize];
        for (int start = 0, chunk = 0; start < destination.Length; start += ChunkSize, chunk++)
        {
            (Vector512<uint> x0, Vector512<uint> x1, Vector512<uint> x2, Vector512<uint> x3) = Blocks((uint)chunk);
            (Vector512<float> n0, Vector512<float> n1) = BoxMuller(x0, x1);
            (Vector512<float> n2, Vector512<float> n3) = BoxMuller(x2, x3);
            Interleave(n0.AsUInt32(), n1.AsUInt32(), n2.AsUInt32(), n3.AsUInt32(), MemoryMarshal.Cast<float, uint>(values));
            values[..Math.Min(ChunkSize, destination.Length - start)].CopyTo(destination[start..]);
        }
    }

    /// <summary>The 64 words that start at word 64·chunk.</summary>
    internal void FillChunk(uint chunk, Span<uint> words)
    {
        (Vector512<uint> x0, Vector512<uint> x1, Vector512<uint> x2, Vector512<uint> x3) = Blocks(chunk);
        Interleave(x0, x1, x2, x3, words);
    }

    private (Vector512<uint> X0, Vector512<uint> X1, Vector512<uint> X2, Vector512<uint> X3) Blocks(uint chunk) =>
        Philox4x32.Blocks(
            Vector512.Create(chunk * ChunkBlocks) + Vector512<uint>.Indices, Example, Time, (uint)Purpose, (uint)Seed,
            (uint)((ulong)Seed >> 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Uniform(ReadOnlySpan<uint> words, int index)
    {
        Vector512<int> upper = Vector512.ShiftRightLogical(Vector512.Create(words.Slice(index, Lanes.Count)), 8).AsInt32();
        return Vector512.ConvertToSingle(upper) * Vector512.Create(1f / (1 << 24));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Draw(Vector512<float> uniform, Vector512<float> p) =>
        Vector512.ConditionalSelect(Vector512.LessThan(uniform, p), Vector512<float>.One, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> First, Vector512<float> Second) BoxMuller(Vector512<uint> radiusWord, Vector512<uint> angleWord)
    {
        // Signed conversion is one correctly rounded instruction on every machine; unsigned conversion is not.
        Vector512<float> cell = Vector512.ConvertToSingle(Vector512.ShiftRightLogical(radiusWord, 1).AsInt32());
        Vector512<float> u = Vector512.FusedMultiplyAdd(cell, Vector512.Create(1f / (1u << 31)), Vector512.Create(0.5f / (1u << 31)));
        Vector512<float> radius = Vector512.Sqrt(Vector512.Create(-2f) * LaneMath.Log(u));
        Vector512<float> turns =
            Vector512.ConvertToSingle(Vector512.ShiftRightLogical(angleWord, 8).AsInt32()) * Vector512.Create(1f / (1 << 24));
        (Vector512<float> sin, Vector512<float> cos) = LaneMath.SinCosTurns(turns);
        return (radius * cos, radius * sin);
    }

    // Transposes four vectors of 16 counters into stream order, in which the four words of a counter are adjacent.
    private static void Interleave(Vector512<uint> x0, Vector512<uint> x1, Vector512<uint> x2, Vector512<uint> x3, Span<uint> words)
    {
        Span<uint> lanes = stackalloc uint[ChunkSize];
        x0.CopyTo(lanes);
        x1.CopyTo(lanes[16..]);
        x2.CopyTo(lanes[32..]);
        x3.CopyTo(lanes[48..]);
        Span<Vector128<uint>> blocks = MemoryMarshal.Cast<uint, Vector128<uint>>(words);
        for (int i = 0; i < ChunkBlocks; i++) blocks[i] = Vector128.Create(lanes[i], lanes[16 + i], lanes[32 + i], lanes[48 + i]);
    }
}
