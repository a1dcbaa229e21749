using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>
/// One schedule: two silos with a range each, two workers and up to two coordinators at once, over connections that a random scheduler
/// writes, reads, breaks and replaces. Everything is a move, and the seed decides which comes next.
/// </summary>
internal sealed class World
{
    internal static readonly RunTicket Ticket = new("run", "", "");

    // After so many moves nothing breaks any more, so that the run must come to its end.
    private const int TroubleUntil = 400, MostMoves = 20_000;

    private readonly Random _random;
    private readonly List<Connection> _connections = [], _readable = [];
    private readonly List<(SiloEndpoint From, SiloEndpoint To, TensorHeader Header, ReadOnlyMemory<float> Data, float[] AsPosted,
        Action<Exception?>? Sent)> _posted = [];
    private readonly List<ModelCoordinator> _coordinators = [];
    private int _newest, _troubles;
    private (int Step, float[] Weights, float[] Moments) _saved = (0, new float[Arithmetic.Length], new float[Arithmetic.Length]);

    /// <param name="seed">Decides everything.</param>
    /// <param name="trace">Is told what happens; null for nobody.</param>
    internal World(int seed, Action<string>? trace = null)
    {
        Trace = trace;
        _random = new Random(seed);
        _troubles = _random.Next(12);
        Silos = [NewSilo(0), NewSilo(1)];
        Workers = [new ModelWorker(this, new SiloEndpoint("worker", 1)), new ModelWorker(this, new SiloEndpoint("worker", 2))];
    }

    /// <summary>Is told what happens; null: nobody is, and nothing is put into words.</summary>
    internal Action<string>? Trace { get; }

    internal LocalSilo[] Silos { get; }

    internal ModelWorker[] Workers { get; }

    /// <summary>Moves until the run has finished.</summary>
    internal int Run()
    {
        _coordinators.Add(new ModelCoordinator(this, 0));
        for (int moves = 0; moves < MostMoves; moves++)
        {
            if (_saved.Step == Arithmetic.Steps) return moves;
            if (moves < TroubleUntil && _troubles > 0 && _random.Next(20) == 0) MakeTrouble();
            else Move(moves);
        }

        throw new InvalidOperationException("the run does not come to its end");
    }

    /// <summary>A new generation is in charge.</summary>
    internal int NextGeneration() => ++_newest;

    /// <summary>The newest checkpoint.</summary>
    internal (int Step, float[] Weights, float[] Moments) Load() => (_saved.Step, [.. _saved.Weights], [.. _saved.Moments]);

    /// <summary>Publishes a checkpoint, as the store does: not of a generation that has been replaced.</summary>
    internal void Save(int generation, int step, float[] weights, float[] moments)
    {
        if (generation < _newest) throw new StaleGenerationException(generation, _newest);
        Trace?.Invoke($"generation {generation} saves step {step}: [{string.Join(", ", weights)}]");
        Assert.Equal(Arithmetic.Honest[step], weights);
        Assert.All(moments, moment => Assert.Equal(step, moment));
        _saved = (step, weights, moments);
    }

    /// <summary>A tensor is posted; it is read from its source when it is written.</summary>
    internal void Post(SiloEndpoint from, SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent) =>
        _posted.Add((from, to, header, data, data.ToArray(), sent));

    private LocalSilo NewSilo(int index)
    {
        var address = new SiloEndpoint("silo", index + 1);
        return new LocalSilo(new LocalSiloOptions { Address = address, Post = new Outbox(this, address) });
    }

    // Any of the things that can be done now, a coordinator's next move among them.
    private void Move(int moves)
    {
        _readable.Clear();
        foreach (Connection connection in _connections)
            if (connection.Written.Count > 0 || connection.Reading is not null) _readable.Add(connection);
        int writes = Math.Min(_posted.Count, 3), working = Workers.Count(worker => worker.HasWork);
        int choice = _random.Next(writes + _readable.Count + working + 1);
        if (choice < writes) Write(_random.Next(_posted.Count));
        else if ((choice -= writes) < _readable.Count) Read(_readable[choice]);
        else if ((choice -= _readable.Count) < working) Workers.Where(worker => worker.HasWork).ElementAt(choice).Compute();
        else Act(_coordinators[_random.Next(_coordinators.Count)], coordinator =>
        {
            // Patience is long: it runs out where nothing else is going on, or rarely.
            bool isQuiet = writes + _readable.Count + working == 0;
            if (_random.Next(isQuiet ? 3 : moves < TroubleUntil ? 60 : 2000) == 0) coordinator.LosePatience(_random.Next);
            else coordinator.Move();
        });
    }

    // A coordinator whose generation is over, or whose range is lost, begins a new one, unless another is in charge.
    private void Act(ModelCoordinator coordinator, Action<ModelCoordinator> act)
    {
        if (coordinator.IsOver) return;
        try
        {
            act(coordinator);
        }
        catch (StaleGenerationException)
        {
            _coordinators.Remove(coordinator);
        }
        catch (InvalidOperationException)
        {
            _coordinators.Remove(coordinator);
            if (coordinator.Generation == _newest) _coordinators.Add(new ModelCoordinator(this, _random.Next(Silos.Length)));
        }

        if (_coordinators.Count == 0) _coordinators.Add(new ModelCoordinator(this, _random.Next(Silos.Length)));
    }

    private void MakeTrouble()
    {
        _troubles--;
        switch (_random.Next(5))
        {
            case 0 when _connections.Count > 0:
                // Broken: what was written is lost, and nobody is told.
                Connection broken = _connections[_random.Next(_connections.Count)];
                Trace?.Invoke($"connection {broken} breaks");
                Break(broken);
                break;
            case 1 when _connections.Count > 0:
                // Replaced: what had been written is still read, beside what comes on the new one.
                Connection old = _connections[_random.Next(_connections.Count)];
                Trace?.Invoke($"connection {old} is replaced");
                _connections.Add(new Connection(old.From, old.To));
                break;
            case 2 when _posted.Count > 0:
                // Sent again on a new connection: part of it had been written on the old one.
                var again = _posted[_random.Next(_posted.Count)];
                Trace?.Invoke($"{Text(again.Header)} is written twice from {again.From.Port} to {again.To}");
                ConnectionOf(again.From, again.To).Written.Enqueue((again.Header, [.. again.Data.Span]));
                _connections.Add(new Connection(again.From, again.To));
                break;
            case 3:
                // Somebody else takes over; the old coordinator does not know yet.
                Trace?.Invoke("a second coordinator takes over");
                _coordinators.Add(new ModelCoordinator(this, _random.Next(Silos.Length)));
                break;
            case 4:
                // A silo is started again and has forgotten everything.
                int silo = _random.Next(Silos.Length);
                SiloEndpoint address = Silos[silo].Address;
                Trace?.Invoke($"{address} is started again");
                foreach (Connection connection in _connections.Where(one => one.From == address || one.To == address).ToArray())
                    Break(connection);
                _posted.RemoveAll(flight => flight.From == address);
                Silos[silo].Dispose();
                Silos[silo] = NewSilo(silo);
                break;
        }
    }

    private void Write(int index)
    {
        // The first that was posted between the two: a sender keeps the order.
        (SiloEndpoint from, SiloEndpoint to) = (_posted[index].From, _posted[index].To);
        index = _posted.FindIndex(one => one.From == from && one.To == to);
        var flight = _posted[index];
        _posted.RemoveAt(index);
        Assert.True(flight.Data.Span.SequenceEqual(flight.AsPosted), $"{flight.Header.Kind} was changed before it was sent");
        Connection connection = ConnectionOf(from, to);
        Trace?.Invoke($"{Text(flight.Header)} is written to {connection}: [{string.Join(", ", flight.AsPosted)}]");
        connection.Written.Enqueue((flight.Header, flight.AsPosted));
        flight.Sent?.Invoke(null);
    }

    private Connection ConnectionOf(SiloEndpoint from, SiloEndpoint to)
    {
        Connection? connection = _connections.FindLast(one => one.From == from && one.To == to);
        if (connection is null) _connections.Add(connection = new Connection(from, to));
        return connection;
    }

    private void Read(Connection connection)
    {
        if (connection.Reading is { } reading)
        {
            connection.Reading = null;
            Receive(connection, reading.Header, reading.Target);
            return;
        }

        if (!connection.Written.TryPeek(out var first)) return;
        int count = first.Header.Kind.IsNote() ? first.Data.Length : Math.Min(1 + _random.Next(3), first.Data.Length - connection.Offset);
        TensorHeader piece = first.Header with { Offset = connection.Offset, Count = count };
        Memory<float> target = Accept(connection, piece);
        Trace?.Invoke($"{Text(piece)} on {connection} is {(target.IsEmpty ? "ignored" : "read")}");
        if (!target.IsEmpty) first.Data.AsSpan(connection.Offset, count).CopyTo(target.Span);
        connection.Offset += count;
        if (connection.Offset == first.Data.Length)
        {
            connection.Written.Dequeue();
            connection.Offset = 0;
        }

        if (target.IsEmpty) return;
        if (_random.Next(3) > 0) connection.Reading = (piece, target);
        else Receive(connection, piece, target);
    }

    private Memory<float> Accept(Connection connection, in TensorHeader header)
    {
        if (Array.Find(Workers, worker => worker.Own == connection.To) is { } worker) return worker.Accept(connection, header);
        return SiloAt(connection.To).Accept(connection, header);
    }

    private void Receive(Connection connection, in TensorHeader header, Memory<float> target)
    {
        Trace?.Invoke($"{Text(header)} on {connection} has arrived");
        if (Array.Find(Workers, worker => worker.Own == connection.To) is { } worker) worker.Received(connection, header, target);
        else SiloAt(connection.To).Received(connection, header);
    }

    private void Break(Connection connection)
    {
        _connections.Remove(connection);
        if (Array.Find(Workers, worker => worker.Own == connection.To) is { } worker) worker.Closed(connection);
        else SiloAt(connection.To).Closed(connection);
    }

    private static string Text(in TensorHeader header) =>
        $"{header.Kind} of generation {header.Generation}, step {header.Step}, range {header.Range}, part {header.Part}, "
        + $"{header.Offset}..{header.Offset + header.Count}";

    private LocalSilo SiloAt(SiloEndpoint address) => Silos[address.Port - 1];

    private sealed class Outbox(World world, SiloEndpoint own) : ITensorPost
    {
        public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent) =>
            world.Post(own, to, header, data, sent);
    }
}
