using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Benchmarks.Exchange;

/// <summary>
/// The baseline: bytes over a blocking loopback socket, without headers, checksums or extra threads. Source and destination are separate
/// buffers, as in the tensor channel.
/// </summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _data;
    private readonly byte[] _into;

    /// <summary>Connects to <see cref="Serve"/> in another process.</summary>
    internal RawPeer(int port, int most, int buffer)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SetUp(_socket, buffer);
        _socket.Connect(IPAddress.Loopback, port);
        (_data, _into) = (new byte[most], new byte[most]);
    }

    /// <summary>Seconds to send a number of buffers in one direction, until the last has arrived.</summary>
    internal double OneWay(int size, int count)
    {
        Command(1, size, count);
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++) Send(_socket, _data.AsSpan(0, size));
        Receive(_socket, _into.AsSpan(0, 1));
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>The round-trip time in seconds of each of a number of buffers.</summary>
    internal double[] PingPong(int size, int count)
    {
        Command(2, size, count);
        var seconds = new double[count];
        for (int i = 0; i < count; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            Send(_socket, _data.AsSpan(0, size));
            Receive(_socket, _into.AsSpan(0, size));
            seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        return seconds;
    }

    /// <summary>Serves a <see cref="RawPeer"/> in another process until it disconnects.</summary>
    internal static void Serve(Socket listening, int most, int buffer)
    {
        using Socket socket = listening.Accept();
        SetUp(socket, buffer);
        byte[] data = new byte[most], into = new byte[most];
        var command = new byte[12];
        while (Receive(socket, command))
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(command.AsSpan(4));
            int count = BinaryPrimitives.ReadInt32LittleEndian(command.AsSpan(8));
            for (int i = 0; i < count; i++)
            {
                Receive(socket, into.AsSpan(0, size));
                if (command[0] == 2) Send(socket, data.AsSpan(0, size));
            }

            if (command[0] == 1) Send(socket, data.AsSpan(0, 1));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Applies the same socket settings as the tensor channel.</summary>
    internal static void SetUp(Socket socket, int buffer)
    {
        socket.NoDelay = true;
        if (buffer > 0) socket.SendBufferSize = socket.ReceiveBufferSize = buffer;
    }

    private void Command(int kind, int size, int count)
    {
        Span<byte> command = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(command, kind);
        BinaryPrimitives.WriteInt32LittleEndian(command[4..], size);
        BinaryPrimitives.WriteInt32LittleEndian(command[8..], count);
        Send(_socket, command);
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    private static bool Receive(Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            int got = socket.Receive(into);
            if (got == 0) return false;
            into = into[got..];
        }

        return true;
    }
}
