using System.Collections.Concurrent;

namespace VaeCluster.Exchange.Tests;

/// <summary>A receiver that keeps what comes, and lets tests wait for it.</summary>
internal sealed class Inbox : ITensorReceiver
{
    /// <summary>Far more than anything takes on a machine that is busy with something else.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(ulong, int, string), float[]> _tensors = new();
    private readonly BlockingCollection<(string Peer, TensorHeader Header)> _pieces = [];
    private readonly BlockingCollection<string> _closed = [];

    /// <summary>Pieces for which this holds are refused.</summary>
    internal Func<TensorHeader, bool> Refuses { get; init; } = _ => false;

    /// <summary>Called with each piece that is whole.</summary>
    internal Action<TensorConnection, TensorHeader> OnReceived { get; init; } = (_, _) => { };

    /// <summary>How many times memory was asked for.</summary>
    internal int Asked;

    public Memory<float> Accept(TensorConnection from, in TensorHeader header)
    {
        Interlocked.Increment(ref Asked);
        if (Refuses(header)) return default;
        int total = header.Total;
        return _tensors.GetOrAdd((header.Run, header.Step, from.Peer), _ => new float[total]).AsMemory(header.Offset, header.Count);
    }

    public void Received(TensorConnection from, in TensorHeader header)
    {
        OnReceived(from, header);
        _pieces.Add((from.Peer, header));
    }

    public void Closed(TensorConnection from) => _closed.Add(from.Peer);

    /// <summary>The next piece in order of arrival.</summary>
    internal (string Peer, TensorHeader Header) Next()
    {
        Assert.True(_pieces.TryTake(out (string, TensorHeader) piece, Patience), "no piece came");
        return piece;
    }

    /// <summary>Waits until a whole tensor is there.</summary>
    internal float[] Whole()
    {
        while (true)
        {
            (string peer, TensorHeader header) = Next();
            if (header.Offset + header.Count == header.Total) return Get(header, peer);
        }
    }

    /// <summary>What has come of a tensor.</summary>
    internal float[] Get(in TensorHeader header, string peer) => _tensors[(header.Run, header.Step, peer)];

    /// <summary>Waits for the end of a connection; the sender's name.</summary>
    internal string NextClosed()
    {
        Assert.True(_closed.TryTake(out string? peer, Patience), "no connection was closed");
        return peer;
    }

    internal bool NothingMore => _pieces.Count == 0;
}
