using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Exchange.Tests;

/// <summary>Stands between a sender and a listener and spoils what the sender says.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private readonly Func<int, long, byte[], int, bool> _spoil;
    private int _connections;

    /// <param name="target">The listener's port.</param>
    /// <param name="spoil">
    /// Called with the connection's number, the bytes before, a buffer that it may change and how much of it counts; false: the
    /// connection is cut.
    /// </param>
    internal Proxy(int target, Func<int, long, byte[], int, bool> spoil)
    {
        (_target, _spoil) = (target, spoil);
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
        Start(AcceptAll);
    }

    internal int Port => ((IPEndPoint)_listening.LocalEndPoint!).Port;

    internal int Connections => Volatile.Read(ref _connections);

    public void Dispose()
    {
        _listening.Dispose();
        lock (_sockets) _sockets.ForEach(socket => socket.Dispose());
    }

    private static void Start(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // One side has closed: so does the other.
        }
    })
    {
        IsBackground = true,
    }.Start();

    private void AcceptAll()
    {
        while (true)
        {
            Socket from = _listening.Accept();
            int number = Interlocked.Increment(ref _connections);
            var to = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            lock (_sockets) _sockets.AddRange([from, to]);
            to.Connect(IPAddress.Loopback, _target);
            Start(() => Forward(from, to, (before, buffer, count) => _spoil(number, before, buffer, count)));
            Start(() => Forward(to, from, (_, _, _) => true));
        }
    }

    private static void Forward(Socket from, Socket to, Func<long, byte[], int, bool> spoil)
    {
        using (from)
        using (to)
        {
            var buffer = new byte[10_000];
            for (long before = 0; from.Receive(buffer) is var count and > 0; before += count)
            {
                if (!spoil(before, buffer, count)) return;
                to.Send(buffer.AsSpan(0, count));
            }
        }
    }
}
