namespace VaeCluster.Distributed.Workers;

/// <summary>A gradient's memory, see <see cref="VectorPool"/>.</summary>
internal sealed class PooledVector
{
    private readonly Action<Exception?> _sent;
    private int _sending;

    /// <summary>Memory with nothing on its way.</summary>
    /// <param name="elements">The elements.</param>
    internal PooledVector(float[] elements)
    {
        Elements = elements;
        _sent = _ => Interlocked.Decrement(ref _sending);
    }

    /// <summary>The elements.</summary>
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
