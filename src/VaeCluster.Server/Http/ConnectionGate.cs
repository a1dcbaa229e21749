using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace VaeCluster.Server.Http;

/// <summary>
/// Decides which connections are served. Nobody can shut others out by opening connections: one that sends nothing is closed soon, and
/// where too many of them wait, the oldest; one address gets only part of the connections; and health checks, recognised by the first
/// bytes, have places of their own, so that a supervisor never takes a server under attack for a dead one.
/// </summary>
/// <param name="options">The limits.</param>
internal sealed class ConnectionGate(ApiServerOptions options)
{
    private static readonly byte[][] HealthRequests = ["GET /health/"u8.ToArray(), "HEAD /health/"u8.ToArray()];

    private static readonly byte[] Refusal =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionContext> _silent = [], _health = [];
    private readonly Dictionary<IPAddress, int> _ofAddress = [];
    private int _open;

    /// <summary>Serves a connection, or refuses it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">Reads and answers its requests.</param>
    internal async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        bool? isHealth;
        LinkedListNode<ConnectionContext> place = Enter(_silent, connection, options.MostSilentConnections);
        try
        {
            isHealth = await ReadFirstBytesAsync(connection);
        }
        finally
        {
            Leave(_silent, place);
        }

        if (isHealth is null) connection.Abort();
        else if (isHealth.Value) await ServeHealthAsync(connection, next);
        else await ServeOthersAsync(connection, next);
    }

    private async Task ServeHealthAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        LinkedListNode<ConnectionContext> place = Enter(_health, connection, options.MostHealthConnections);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(_health, place);
        }
    }

    private async Task ServeOthersAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress address = ClientAddress.GroupOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryEnter(address))
        {
            await connection.Transport.Output.WriteAsync(Refusal, connection.ConnectionClosed);
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    }

    // Whether the first request is a health check; null if none comes in time.
    private async Task<bool?> ReadFirstBytesAsync(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(options.FirstByteTimeout, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.ConnectionClosed);
        PipeReader input = connection.Transport.Input;
        long examined = 0;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(limit.Token);
                ReadOnlySequence<byte> bytes = read.Buffer;
                bool? isHealth = IsHealth(bytes);
                if (read.IsCompleted && isHealth is null && !bytes.IsEmpty) isHealth = false;
                if (isHealth is not null || read.IsCompleted)
                {
                    // Whoever reads next gets all of it.
                    input.AdvanceTo(bytes.Start, bytes.GetPosition(examined));
                    return isHealth;
                }

                examined = bytes.Length;
                input.AdvanceTo(bytes.Start, bytes.End);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            return null; // silent for too long, or gone
        }
    }

    // Null as long as the bytes do not tell.
    private static bool? IsHealth(ReadOnlySequence<byte> bytes)
    {
        bool isOpen = bytes.IsEmpty;
        foreach (byte[] request in HealthRequests)
        {
            int length = (int)Math.Min(bytes.Length, request.Length);
            if (!bytes.Slice(0, length).ToArray().AsSpan().SequenceEqual(request.AsSpan(0, length))) continue;
            if (length == request.Length) return true;
            isOpen = true;
        }

        return isOpen ? null : false;
    }

    private LinkedListNode<ConnectionContext> Enter(LinkedList<ConnectionContext> list, ConnectionContext connection, int most)
    {
        ConnectionContext? oldest = null;
        LinkedListNode<ConnectionContext> place;
        lock (_lock)
        {
            place = list.AddLast(connection);
            if (list.Count > most)
            {
                oldest = list.First!.Value;
                list.RemoveFirst();
            }
        }

        oldest?.Abort();
        return place;
    }

    private void Leave(LinkedList<ConnectionContext> list, LinkedListNode<ConnectionContext> place)
    {
        lock (_lock)
        {
            if (place.List == list) list.Remove(place);
        }
    }

    private bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            int mine = _ofAddress.GetValueOrDefault(address);
            if (_open >= options.MostConnections || mine >= options.MostConnectionsPerAddress) return false;
            _open++;
            _ofAddress[address] = mine + 1;
            return true;
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _open--;
            if (--_ofAddress[address] == 0) _ofAddress.Remove(address);
        }
    }
}
