using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VaeCluster.Exchange.Tests;

/// <summary>A listener, a sender to it, and what both say.</summary>
internal sealed class TestSilo : IDisposable
{
    internal static readonly ClusterSecret Secret = new("the secret of the cluster of tests, known to all of it");

    private readonly List<IDisposable> _open = [];

    internal TestSilo(Inbox? inbox = null, Func<ExchangeOptions, ExchangeOptions>? change = null)
    {
        Inbox = inbox ?? new Inbox();
        Options = new ExchangeOptions
        {
            ClusterId = "test",
            Name = "silo-1",
            Secret = Secret,
            RetryPause = TimeSpan.Zero,
            Log = Log.Add,
        };
        if (change is not null) Options = change(Options);
        Listener = Listen(0);
    }

    internal Inbox Inbox { get; }

    internal ExchangeOptions Options { get; }

    internal TensorListener Listener { get; }

    internal BlockingCollection<string> Log { get; } = [];

    internal TensorListener Listen(int port) => Opened(new TensorListener(new IPEndPoint(IPAddress.Loopback, port), Inbox, Options));

    internal TensorSender Sender(int port = 0, Func<ExchangeOptions, ExchangeOptions>? change = null) =>
        Opened(new TensorSender("127.0.0.1", port == 0 ? Listener.EndPoint.Port : port, change is null ? Options : change(Options)));

    /// <summary>A plain socket to the listener.</summary>
    internal Socket Raw()
    {
        Socket socket = Opened(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        socket.ReceiveTimeout = (int)Inbox.Patience.TotalMilliseconds;
        socket.Connect(Listener.EndPoint);
        return socket;
    }

    internal T Opened<T>(T resource)
        where T : IDisposable
    {
        _open.Add(resource);
        return resource;
    }

    /// <summary>Posts and waits until it is written; what went wrong.</summary>
    internal static Exception? Send(TensorSender sender, TensorHeader header, float[] data)
    {
        var sent = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.Post(header, data, sent.SetResult);
        Assert.True(sent.Task.Wait(Inbox.Patience), "the tensor was neither written nor given up");
        return sent.Task.Result;
    }

    /// <summary>A tensor arrives, then the listener closes; its port.</summary>
    internal int CloseListenerAfter(TensorSender sender)
    {
        Assert.Null(Send(sender, Weights(1), [1]));
        Inbox.Next();
        int port = Listener.EndPoint.Port;
        Listener.Dispose();
        Assert.Equal(Options.Name, Inbox.NextClosed());
        return port;
    }

    /// <summary>Weights of a step.</summary>
    internal static TensorHeader Weights(int step) => new()
    {
        Kind = TensorKind.Weights,
        Run = 1,
        Step = step,
    };

    /// <summary>Waits for a line of the log that holds a text.</summary>
    internal string Said(string text)
    {
        while (true)
        {
            Assert.True(Log.TryTake(out string? line, Inbox.Patience), $"nobody said '{text}'");
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }
    }

    /// <summary>Numbers that differ from place to place, with some that are not finite.</summary>
    internal static float[] Numbers(int length, uint seed = 1)
    {
        var numbers = new float[length];
        for (int i = 0; i < length; i++) numbers[i] = BitConverter.UInt32BitsToSingle(((uint)i + seed) * 2654435761u);
        return numbers;
    }

    /// <summary>Whether every bit is the same, NaNs' too.</summary>
    internal static bool SameBits(float[] left, float[] right) =>
        MemoryMarshal.AsBytes(left.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(right.AsSpan()));

    public void Dispose()
    {
        for (int i = _open.Count - 1; i >= 0; i--) _open[i].Dispose();
    }
}
