using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Coordination;

/// <summary>
/// The workers of one generation: attached when their silo beats, ready when their data and arithmetic are proven and the ranges send them
/// weights, gone when their silo is or a call to them fails. Used by the coordinator's one thread of control; only faults of calls come
/// from others.
/// </summary>
/// <param name="options">See <see cref="DistributedCluster"/>.</param>
internal sealed class ClusterWorkers(DistributedClusterOptions options)
{
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string Silo, string Device), ClusterWorker> _workers = [];
    private readonly HashSet<string> _strangers = [];
    private readonly Dictionary<int, ClusterWorker> _assigned = [];
    private IReadOnlyList<RangePlace> _places = [];
    private string? _arithmetic = options.Arithmetic;
    private StaleGenerationException? _replaced;
    private ClusterWorker[] _ready = [];
    private long _seen = -1;
    private int _generation;

    /// <summary>Names of those who get shards.</summary>
    internal IReadOnlyList<string> Names => [.. _ready.Select(worker => worker.Name)];

    /// <summary>The silos that get the weights.</summary>
    internal IReadOnlyList<SiloEndpoint> Silos =>
        [.. _workers.Values.Where(worker => IsAttached(worker)).Select(worker => worker.Beat.Exchange).Distinct()];

    /// <summary>Of those who compute one a silo.</summary>
    /// <param name="except">The silo that is left out.</param>
    internal ClusterWorker[] OnePerSilo(SiloEndpoint except) =>
        [.. _ready.Where(worker => worker.Beat.Exchange != except).DistinctBy(worker => worker.Beat.Exchange)];

    /// <summary>What the first who was taken in computes with; with mixed arithmetic, what all of them do.</summary>
    internal string? Arithmetic => options.MixedArithmetic
        ? string.Join("; ", _ready.Select(worker => worker.Attaching!.Result.Arithmetic).Distinct().Order(StringComparer.Ordinal))
        : Volatile.Read(ref _arithmetic);

    /// <summary>Somebody who computes.</summary>
    internal ClusterWorker First => _ready[0];

    /// <summary>Whether nobody has come, gone or changed since it was last looked who takes part.</summary>
    internal bool IsSettled => _seen == options.Roster.Version && _ready.Length > 0;

    /// <summary>Whether somebody with shards of the step in progress is gone.</summary>
    internal bool HasLost
    {
        get
        {
            ThrowIfReplaced();
            return _assigned.Values.Any(IsGone);
        }
    }

    private IEnumerable<ClusterWorker> Ready => _workers.Values
        .Where(worker => worker is { IsReady: true, IsLost: false } && !IsGone(worker))
        .OrderBy(worker => worker.Name, StringComparer.Ordinal)
        .Take(options.Workers);

    /// <summary>A generation begins: everyone who beats is attached anew. Returns when those who are quick have been.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="places">Its ranges.</param>
    /// <param name="patience">How long the others are waited for; they join later.</param>
    internal async Task BeginAsync(int generation, IReadOnlyList<RangePlace> places, TimeSpan patience)
    {
        _generation = generation;
        _places = places;
        _workers.Clear();
        _assigned.Clear();
        Greet();
        await Task.WhenAll(_workers.Values.Select(worker => (Task)worker.Attaching!))
            .WaitAsync(patience, options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The ranges send their weights to all that are attached now.</summary>
    internal void Subscribed()
    {
        foreach (ClusterWorker worker in _workers.Values) worker.IsReady = IsAttached(worker);
    }

    /// <summary>
    /// Between two steps: lets go of those who have gone, takes in those who have come; where nobody is left, waits for somebody.
    /// </summary>
    /// <param name="ranges">The ranges.</param>
    /// <param name="guard">Waits for calls to the ranges, and throws as soon as one of them is lost.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async ValueTask AdmitAsync(IReadOnlyList<IRangeLink> ranges, Func<string, Task, Task> guard, CancellationToken cancellation)
    {
        long started = options.Time.GetTimestamp();
        bool told = false;
        while (true)
        {
            // The usual step is like the one before.
            ThrowIfReplaced();
            long version = options.Roster.Version;
            if (IsSettled) return;
            Part();
            Greet();
            foreach (ClusterWorker worker in _workers.Values.Where(worker => !worker.IsReady && IsAttached(worker)).ToArray())
            {
                await guard("subscribe", Task.WhenAll(
                    ranges.Select(range => range.SubscribeAsync(options.Ticket.Id, _generation, worker.Beat.Exchange))));
                worker.IsReady = true;
                options.Notice?.Invoke($"{worker.Name} has joined");
            }

            _ready = [.. Ready];
            _seen = version;
            if (_ready.Length > 0) return;
            cancellation.ThrowIfCancellationRequested();
            ThrowIfHopeless(options.Time.GetElapsedTime(started));
            if (!told) options.Notice?.Invoke("no worker is there; the run goes on when one joins");
            told = true;
            await options.Roster.Pulse.WaitAsync(cancellation);
        }
    }

    /// <summary>Deals shards to those who are ready.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="shards">The shards, ascending.</param>
    /// <param name="exchange">What was measured of the batch, if anything was.</param>
    /// <param name="again">Whether they were dealt before: then rather to others than to those who owe them.</param>
    /// <param name="beforeOwn">Called when those on other silos have been told.</param>
    internal void Assign(StepPlan plan, IReadOnlyList<int> shards, float[]? exchange = null, bool again = false, Action? beforeOwn = null)
    {
        List<(ClusterWorker Worker, Assignment Assignment)> dealt = Deal(plan, shards, again);
        Tell(dealt.Where(part => part.Worker.Beat.Exchange != options.Silo.Address), exchange, again);
        beforeOwn?.Invoke();
        Tell(dealt.Where(part => part.Worker.Beat.Exchange == options.Silo.Address), exchange, again);
    }

    /// <summary>Has the shards measured that an exchange still misses.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="exchange">Receives what is measured.</param>
    /// <param name="again">Whether they were dealt before: then rather to others than to those who owe them.</param>
    /// <returns>Completes when everyone has answered or is known to be lost; never faulted.</returns>
    internal Task Measure(StepPlan plan, BatchExchange exchange, bool again) =>
        Task.WhenAll(Deal(plan, exchange.Missing, again).Select(part => MeasureAsync(part.Worker, part.Assignment, exchange)));

    /// <summary>Those who have shards get the weights sent again, should they have been lost on the way.</summary>
    internal Task ResendAsync(IReadOnlyList<IRangeLink> ranges) => Task.WhenAll(
        from silo in Silos
        from range in ranges
        select range.SubscribeAsync(options.Ticket.Id, _generation, silo));

    /// <summary>Of some shards those whose workers are gone.</summary>
    internal IReadOnlyList<int> Orphans(IEnumerable<int> shards) =>
        [.. shards.Where(shard => !_assigned.TryGetValue(shard, out ClusterWorker? worker) || IsGone(worker)).Order()];

    /// <summary>Lets go of workers in the present generation.</summary>
    /// <param name="leaves">Whether those of a silo are let go.</param>
    internal IEnumerable<Task> Detach(Func<string, bool> leaves) =>
    [
        .. _workers.Values.Where(worker => IsAttached(worker) && leaves(worker.Beat.Incarnation))
            .Select(worker => worker.Link.DetachAsync(options.Ticket.Id, _generation)),
    ];

    private static bool IsAttached(ClusterWorker worker) =>
        worker is { IsLost: false, Refusal: null, Attaching.IsCompletedSuccessfully: true };

    private bool IsGone(ClusterWorker worker) =>
        worker.IsLost || worker.Refusal is not null || !options.Roster.IsAlive(worker.Beat.Incarnation);

    private List<(ClusterWorker Worker, Assignment Assignment)> Deal(StepPlan plan, IReadOnlyList<int> shards, bool again)
    {
        ClusterWorker[] workers = _ready;
        if (!again)
        {
            _assigned.Clear();
        }
        else
        {
            ClusterWorker[] others = [.. workers.Where(worker => !shards.Any(shard => _assigned.GetValueOrDefault(shard) == worker))];
            if (others.Length > 0) workers = others;
        }

        IReadOnlyList<IReadOnlyList<int>> dealt = AssignmentPlanner.Deal(shards, workers.Length);
        string? trace = StepTraces.Context;
        var parts = new List<(ClusterWorker, Assignment)>();
        for (int i = 0; i < workers.Length; i++)
        {
            if (dealt[i].Count == 0) continue;
            foreach (int shard in dealt[i]) _assigned[shard] = workers[i];
            parts.Add((workers[i], new Assignment(plan, [.. ReductionTree.Cover(dealt[i], options.Shards)], trace)));
        }

        return parts;
    }

    private Task MeasureAsync(ClusterWorker worker, Assignment assignment, BatchExchange exchange) => CallAsync(worker, async () =>
        exchange.Take(assignment.Nodes, await worker.Link.MeasureAsync(options.Ticket.Id, assignment)));

    private Task AssignAsync(ClusterWorker worker, Assignment assignment) =>
        CallAsync(worker, () => worker.Link.AssignAsync(options.Ticket.Id, assignment));

    private async Task CallAsync(ClusterWorker worker, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (StaleGenerationException fault)
        {
            _replaced = fault;
            options.Roster.Wake();
        }
        catch (Exception)
        {
            Lose(worker);
        }
    }

    private void Tell(IEnumerable<(ClusterWorker Worker, Assignment Assignment)> parts, float[]? exchange, bool again)
    {
        foreach ((ClusterWorker worker, Assignment assignment) in parts)
        {
            // What is said a second time should be heard for sure, and an exchange may be long.
            if (again || exchange is not null) _ = AssignAsync(worker, assignment with { Exchange = exchange });
            else options.Silo.Tell(worker.Beat.Exchange, worker.Device, options.Ticket.Key, assignment, fault =>
            {
                if (fault is not null) Lose(worker);
            });
        }
    }

    private void Lose(ClusterWorker worker)
    {
        worker.IsLost = true;
        options.Roster.Wake();
    }

    private void Greet()
    {
        foreach (SiloBeat silo in options.Roster.Alive)
        {
            if (silo.IsDraining) continue;
            foreach (string device in silo.Devices)
            {
                if (_workers.ContainsKey((silo.Incarnation, device))) continue;
                var worker = new ClusterWorker(silo, device, options.Links.Worker(silo, device));
                _workers.Add((silo.Incarnation, device), worker);
                worker.Attaching = AttachAsync(worker);
            }
        }
    }

    private void Part()
    {
        Dictionary<string, SiloBeat> alive = options.Roster.Alive.ToDictionary(silo => silo.Incarnation);
        foreach (string stranger in alive.Values.SelectMany(silo => silo.Strangers ?? []))
            if (_strangers.Add(stranger)) options.Notice?.Invoke(stranger);
        foreach (((string Silo, string Device) key, ClusterWorker worker) in _workers.ToArray())
        {
            if (!alive.TryGetValue(key.Silo, out SiloBeat? silo))
            {
                _workers.Remove(key);
                options.Notice?.Invoke($"{worker.Name} is lost");
            }
            else if (silo.IsDraining)
            {
                _workers.Remove(key);

                // Shards of the next step that it has already will not be computed.
                bool wasAttached = IsAttached(worker);
                worker.IsLost = true;
                if (!wasAttached) continue;
                options.Notice?.Invoke($"{worker.Name} leaves");
                _ = worker.Link.DetachAsync(options.Ticket.Id, _generation).ContinueWith(
                    static task => _ = task.Exception,
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            else if (silo.Faults.TryGetValue(worker.Device, out string? fault))
            {
                if (worker.Refusal is null) options.Notice?.Invoke($"{worker.Name} failed: {fault}");
                worker.Refusal = fault;
            }
            else if (worker.IsLost)
            {
                _workers.Remove(key);
            }
        }
    }

    private async Task<WorkerStatement> AttachAsync(ClusterWorker worker)
    {
        try
        {
            WorkerStatement statement = await worker.Link.AttachAsync(options.Ticket, _generation, _places);
            Judge(worker, statement);
            options.Roster.Wake();
            return statement;
        }
        catch (StaleGenerationException fault)
        {
            _replaced = fault;
            options.Roster.Wake();
            throw;
        }
        catch (Core.BadInputException fault)
        {
            Refuse(worker, fault.Message);
            throw;
        }
        catch (Exception fault)
        {
            options.Notice?.Invoke($"{worker.Name} cannot take part: {fault.Message.ReplaceLineEndings(" ")}");
            Lose(worker);
            throw;
        }
    }

    private void Judge(ClusterWorker worker, WorkerStatement statement)
    {
        if (statement.Fingerprint != options.Ticket.Fingerprint)
        {
            Refuse(worker, $"its data have the fingerprint {statement.Fingerprint}, the run's {options.Ticket.Fingerprint}");
            return;
        }

        string wanted = Interlocked.CompareExchange(ref _arithmetic, statement.Arithmetic, null) ?? statement.Arithmetic;
        if (wanted != statement.Arithmetic && !options.MixedArithmetic)
        {
            Refuse(worker, $"it computes with '{statement.Arithmetic}', the run with '{wanted}': "
                + "the weights would depend on who computes what (--mixed-arithmetic allows it)");
        }
    }

    private void Refuse(ClusterWorker worker, string reason)
    {
        worker.Refusal = reason;
        options.Notice?.Invoke($"{worker.Name} gets no shards: {reason}");
        options.Roster.Wake();
    }

    private void ThrowIfReplaced()
    {
        if (_replaced is { } fault) throw new StaleGenerationException(fault.Generation, fault.Newest);
    }

    private void ThrowIfHopeless(TimeSpan waited)
    {
        if (waited < RefusalPatience || _workers.Count == 0 || _workers.Values.Any(worker => worker.Refusal is null)) return;
        ClusterWorker first = _workers.Values.First();
        throw new InvalidOperationException($"no worker can compute this run: {first.Name}: {first.Refusal}");
    }
}

/// <summary>A worker of another silo from the first beat on, as the coordinator of one run sees it.</summary>
/// <param name="beat">Its silo.</param>
/// <param name="device">Its device.</param>
/// <param name="link">The way to it.</param>
internal sealed class ClusterWorker(SiloBeat beat, string device, IWorkerLink link)
{
    /// <summary>Its silo, as of the first beat.</summary>
    internal SiloBeat Beat { get; } = beat;

    internal string Device { get; } = device;

    /// <summary>Its name, for people.</summary>
    internal string Name { get; } = $"{beat.Name}/{device}";

    /// <summary>The way to it.</summary>
    internal IWorkerLink Link { get; } = link;

    /// <summary>Its opening of data and model.</summary>
    internal Task<WorkerStatement>? Attaching { get; set; }

    /// <summary>Whether the ranges send it their weights, so that it can be given shards.</summary>
    internal bool IsReady { get; set; }

    /// <summary>Why it gets no shards, in one line; null: it may.</summary>
    internal string? Refusal { get; set; }

    /// <summary>A call to it has failed; it is attached anew when it still beats.</summary>
    internal volatile bool IsLost;
}
