namespace VaeCluster.Distributed.Workers;

/// <summary>
/// Vectors for a worker's gradients. One that was handed to a range of this silo is added to in place until the step is closed, and one
/// that is still being sent must not change: a vector is used again when another step computes and nothing of it is on its way. Used by one
/// thread; only the count of sendings is shared.
/// </summary>
/// <param name="length">Elements of a vector.</param>
internal sealed class VectorPool(int length)
{
    private readonly List<PooledVector> _vectors = [];

    /// <summary>A vector, its content undefined.</summary>
    /// <param name="step">The step that it is for.</param>
    internal PooledVector Rent(int step)
    {
        foreach (PooledVector vector in _vectors)
        {
            if (vector.Step == step || vector.IsSending) continue;
            vector.Step = step;
            return vector;
        }

        var fresh = new PooledVector(GC.AllocateUninitializedArray<float>(length, pinned: true)) { Step = step };
        _vectors.Add(fresh);
        return fresh;
    }
}

/// <summary>A gradient's memory, see <see cref="VectorPool"/>.</summary>
internal sealed class PooledVector
{
    private readonly Action<Exception?> _sent;
    private int _sending;

    /// <summary>Memory with nothing on its way.</summary>
    internal PooledVector(float[] elements)
    {
        Elements = elements;
        _sent = _ => Interlocked.Decrement(ref _sending);
    }

    internal float[] Elements { get; }

    /// <summary>The step that it was last rented for.</summary>
    internal int Step { get; set; }

    /// <summary>Whether a part of it is on its way.</summary>
    internal bool IsSending => Volatile.Read(ref _sending) > 0;

    /// <summary>A part of it goes on its way.</summary>
    /// <returns>To be told when it has gone, or could not: its node is then missed and assigned again.</returns>
    internal Action<Exception?> Send()
    {
        Interlocked.Increment(ref _sending);
        return _sent;
    }
}
