using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Coordination;

/// <summary>
/// Workers and parameter servers on the silos of a cluster, as one generation of one run uses them. Control goes over links, tensors go
/// beside them. A worker that is lost costs its shards of the step in progress, which others get; a range that is lost ends the generation.
/// </summary>
public sealed class DistributedCluster : ITrainingCluster
{
    private const double SmallestPatience = 3, LateFactor = 10;

    private static readonly TimeSpan NotePatience = TimeSpan.FromMilliseconds(250), RootPatience = TimeSpan.FromSeconds(5);

    private readonly DistributedClusterOptions _options;
    private readonly ClusterWorkers _workers;
    private readonly int[] _allShards;
    private RangePlace[] _places = [];
    private string[] _silosOfRanges = [];
    private IRangeLink[] _ranges = [];
    private int[] _ownRanges = [], _otherRanges = [];
    private UpdateDecision? _decision;
    private StepRoots? _roots;
    private StepPlan? _ahead;
    private double? _usualSeconds;
    private long _seen = -1;
    private int _generation, _step;

    /// <summary>A cluster without ranges yet.</summary>
    /// <param name="options">What it is made of.</param>
    public DistributedCluster(DistributedClusterOptions options)
    {
        _options = options;
        _workers = new ClusterWorkers(options);
        _allShards = [.. Enumerable.Range(0, options.Shards)];
    }

    /// <summary>Names of the workers that take part in the next step.</summary>
    public IReadOnlyList<string> Workers => _workers.Names;

    /// <inheritdoc/>
    public string? Arithmetic => _workers.Arithmetic;

    private string Run => _options.Ticket.Id;

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(
        int generation, int step, ReadOnlyMemory<float> weights, IReadOnlyList<ReadOnlyMemory<float>> moments,
        CancellationToken cancellation)
    {
        SiloBeat[] silos = await ChooseSilosAsync(cancellation);
        LetGo(silos);
        _generation = generation;
        _step = step;
        (_decision, _ahead) = (null, null);
        _options.Silo.Attend(_options.Ticket, generation, (range, of, gradient) => Volatile.Read(ref _roots)?.Tell(range, of, gradient));
        var blocks = new BlockPartition(_options.Layout.Length);
        BlockRange[] cut = blocks.Cut(silos.Length);
        _places = [.. cut.Select(range => new RangePlace(range, silos[range.Index].Exchange))];
        _silosOfRanges = [.. silos.Select(silo => silo.Incarnation)];
        _ranges = [.. cut.Select(range => _options.Links.Range(silos[range.Index], Run, range.Index))];
        _ownRanges = [.. cut.Select(range => range.Index).Where(range => _places[range].Silo == _options.Silo.Address)];
        _otherRanges = [.. cut.Select(range => range.Index).Except(_ownRanges)];
        await _workers.BeginAsync(generation, _places, _options.CallPatience);
        await Guard("open", Task.WhenAll(cut.Select(range => _ranges[range.Index].OpenAsync(
            new RangeOpening(_options.Ticket, generation, cut.Length, range.Index, step, [.. _workers.Silos], _options.Silo.Address)))));
        var sendings = new List<Task>();
        foreach (BlockRange range in cut)
        {
            sendings.Add(SendAsync(range, 0, weights));
            for (int i = 0; i < moments.Count; i++) sendings.Add(SendAsync(range, i + 1, moments[i]));
        }

        await Guard("restore", Task.WhenAll(sendings));
        await Guard("restore", Task.WhenAll(_ranges.Select(range => range.CommitAsync(Run, generation))));
        _workers.Subscribed();
    }

    /// <inheritdoc/>
    public async ValueTask<StepGradient> ComputeAsync(StepPlan plan, CancellationToken cancellation)
    {
        if (_seen != _options.Roster.Version) DemandRangesStay();
        await _workers.AdmitAsync(_ranges, Guard, cancellation);
        bool ahead = _ahead == plan;
        _ahead = null;
        StepRoots roots = ahead ? _roots! : Expect(plan);
        long began = _options.Time.GetTimestamp();
        float[]? exchange = _options.ExchangeLength > 0 ? await ExchangeAsync(plan, cancellation) : null;
        if (!ahead) _workers.Assign(plan, _allShards, exchange);
        else if (_workers.HasLost) await AssignAgainAsync(plan, exchange, all: false, cancellation);
        RangeGradient[] gradients = await WaitForAllShardsAsync(plan, roots, exchange, began, cancellation);

        // From its beginning, however often it was dealt again: a usual step taken for a short one would make the next ones late too.
        double seconds = _options.Time.GetElapsedTime(began).TotalSeconds;
        _usualSeconds = _usualSeconds is { } usual ? usual + ((seconds - usual) / 8) : seconds;
        return new StepGradient(gradients[0].Terms, GlobalNorm.SumInOrder([.. gradients.SelectMany(gradient => gradient.Squares)]));
    }

    /// <summary>
    /// Tells every range the decision, and deals the next step's shards while it is applied; that their root comes says that it has been.
    /// </summary>
    /// <param name="decision">How the step is closed.</param>
    /// <param name="next">The step that follows; where somebody comes or goes before it is asked for, shards are dealt again.</param>
    /// <param name="cancellation">Not looked at.</param>
    public ValueTask ApplyAsync(UpdateDecision decision, StepPlan? next, CancellationToken cancellation)
    {
        _step = decision.Step;
        _decision = decision;
        foreach (int range in _otherRanges) _options.Silo.Tell(_places[range].Silo, range, _options.Ticket.Key, decision);
        if (next is { } plan && _options.ExchangeLength == 0 && _workers.IsSettled && _seen == _options.Roster.Version)
        {
            _ahead = plan;
            Expect(plan);
            _workers.Assign(plan, _allShards, beforeOwn: () => TellOwn(decision));
        }
        else
        {
            TellOwn(decision);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask SnapshotAsync(Memory<float> weights, IReadOnlyList<Memory<float>> moments, CancellationToken cancellation)
    {
        await Guard("snapshot", SettleAsync());
        var sink = new SnapshotSink(_step, [.. _places.Select(place => place.Range)], [weights, .. moments]);
        _options.Silo.Expect(_options.Ticket, _generation, sink);
        try
        {
            Task sent = Task.WhenAll(
                _ranges.Select(range => range.SendAsync(Run, _generation, _step, _options.Silo.Address, moments.Count > 0)));
            await Guard("snapshot", Task.WhenAll(sent, sink.Complete));
        }
        finally
        {
            _options.Silo.Expect(_options.Ticket, _generation, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(StepPlan plan, CancellationToken cancellation)
    {
        await _workers.AdmitAsync(_ranges, Guard, cancellation);
        return await Guard("look for what is not finite", _workers.First.Link.FindNonFiniteAsync(Run, plan));
    }

    /// <summary>The phases of the last steps at all silos that have workers, and at this one, as far as they answer soon.</summary>
    /// <param name="steps">How many steps.</param>
    public async Task<IReadOnlyList<PhaseSpan>> PhasesAsync(int steps)
    {
        ClusterWorker[] workers = _workers.OnePerSilo(_options.Silo.Address);
        Task<IReadOnlyList<PhaseSpan>>[] answers = [.. workers.Select(worker => worker.Link.PhasesAsync(Run, steps))];
        await ((Task)Task.WhenAll(answers)).WaitAsync(TimeSpan.FromSeconds(2), _options.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        PhaseSpan[] spans =
        [
            .. _options.Silo.PhasesOf(Run, steps),
            .. answers.Where(answer => answer.IsCompletedSuccessfully).SelectMany(answer => answer.Result),
        ];
        int newest = spans.Length == 0 ? 0 : spans.Max(span => span.Step);
        return [.. spans.Where(span => span.Step > newest - steps)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _options.Silo.Leave(_options.Ticket, _generation);

        // Best effort: a silo that does not answer forgets the run when it ends.
        Task[] partings = [.. _ranges.Select(range => range.CloseAsync(Run, _generation)), .. _workers.Detach(_ => true)];
        await Task.WhenAll(partings).WaitAsync(TimeSpan.FromSeconds(2), _options.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Silos that have just been started come within a beat or two of each other.
    private async Task<SiloBeat[]> ChooseSilosAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task pulse = _options.Roster.Pulse;
            SiloBeat[] silos = [.. _options.Roster.Alive.Where(silo => silo is { ServesRanges: true, IsDraining: false })];
            int blocks = new BlockPartition(_options.Layout.Length).Count;
            int most = Math.Min(_options.Ranges ?? silos.Length, blocks);
            if (silos.Length > 0 && _options.Roster.Quiet >= _options.Settling)
                return [.. Enumerable.Range(0, most).Select(i => silos[i % silos.Length])];
            await pulse.WaitAsync(cancellation);
        }
    }

    // Silos without a part in the new generation would not hear of it, and hold on to what they have of the old one.
    private void LetGo(SiloBeat[] chosen)
    {
        HashSet<string> staying = [.. chosen.Select(silo => silo.Incarnation)];
        staying.UnionWith(
            _options.Roster.Alive.Where(silo => silo is { IsDraining: false, Devices.Length: > 0 }).Select(silo => silo.Incarnation));
        Task[] partings =
        [
            .. _ranges.Where((_, range) => !staying.Contains(_silosOfRanges[range])).Select(range => range.CloseAsync(Run, _generation)),
            .. _workers.Detach(silo => !staying.Contains(silo)),
        ];
        _ = Task.WhenAll(partings).ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Task SendAsync(BlockRange range, int part, ReadOnlyMemory<float> vector)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var header = new TensorHeader
        {
            Kind = TensorKind.Restore,
            Run = _options.Ticket.Key,
            Generation = _generation,
            Step = _step,
            Range = range.Index,
            Part = part,
            Offset = 0,
            Count = range.Length,
            Total = range.Length,
        };
        _options.Silo.Post(_places[range.Index].Silo, header, vector.Slice(range.Offset, range.Length), fault =>
        {
            if (fault is null) sent.TrySetResult();
            else sent.TrySetException(fault);
        });
        return sent.Task;
    }

    // The others begin while this silo applies, on the thread that has decided: the last thing that anybody waits for.
    private void TellOwn(UpdateDecision decision)
    {
        foreach (int range in _ownRanges.SkipLast(1)) _ = Task.Run(() => Tell(range));
        if (_ownRanges.Length > 0) Tell(_ownRanges[^1]);

        void Tell(int range) => _options.Silo.Tell(_options.Silo.Address, range, _options.Ticket.Key, decision);
    }

    /// <summary>
    /// The barrier of a step: completes when every range has the root of the step's tree, so that every shard of the batch counts there
    /// once. Shards of workers that are lost are dealt to others, and so is everything missing when the step is late. Ranges say by a note
    /// that their root is there; where a note takes long they are asked by a call.
    /// </summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="roots">The roots as they come in.</param>
    /// <param name="exchange">What was measured of the batch, if anything was.</param>
    /// <param name="began">When the step began, a timestamp of the clock.</param>
    /// <param name="cancellation">
    /// Ends the waiting for somebody who could take shards, where nobody is left, and after a while that for shards too.
    /// </param>
    /// <returns>The ranges' roots.</returns>
    /// <exception cref="OperationCanceledException">The run is told to stop, and the step does not end.</exception>
    /// <exception cref="RangeLostException">The silo of a range is gone, or a range no longer answers: the generation is over.</exception>
    /// <exception cref="StaleGenerationException">A newer generation is in charge of the run.</exception>
    private async Task<RangeGradient[]> WaitForAllShardsAsync(
        StepPlan plan, StepRoots roots, float[]? exchange, long began, CancellationToken cancellation)
    {
        bool asked = false;
        long started = began, givenAgain = 0;
        long? told = null;
        while (await Task.WhenAny(roots.All, _options.Roster.Pulse) != roots.All)
        {
            DemandRangesLive();
            DemandUnstopped(ref told, cancellation);
            if (!asked && _options.Time.GetElapsedTime(began) > NotePatience)
            {
                asked = true;
                for (int range = 0; range < _ranges.Length; range++) _ = AskAsync(range, roots);
            }

            bool late = _options.Time.GetElapsedTime(started) > Patience;
            if (!_workers.HasLost && !late) continue;
            if (late) started = _options.Time.GetTimestamp();
            if (await AssignAgainAsync(plan, exchange, late, cancellation) && givenAgain == 0) givenAgain = _options.Time.GetTimestamp();
        }

        RangeGradient[] gradients = await Guard("compute", roots.All);
        if (givenAgain != 0) TrainingInstruments.Recovered(_options.Time.GetElapsedTime(givenAgain));
        return gradients;
    }

    private StepRoots Expect(StepPlan plan)
    {
        var roots = new StepRoots(plan.Step, _ranges.Length);
        Volatile.Write(ref _roots, roots);
        return roots;
    }

    // The ranges have applied the last decision, though the note of it was lost.
    private Task SettleAsync() =>
        _decision is { } last ? Task.WhenAll(_ranges.Select(range => range.ApplyAsync(Run, last))) : Task.CompletedTask;

    // A note is lost with its connection, and of a silo that is gone or a newer generation only a call tells. Steps that take their time
    // are waited for this way.
    private async Task AskAsync(int range, StepRoots roots)
    {
        (IRangeLink link, int generation) = (_ranges[range], _generation);
        try
        {
            if (_decision is { } last && !roots.IsKnown(range)) await link.ApplyAsync(Run, last);
            while (!roots.IsKnown(range))
            {
                if (await link.AwaitAsync(Run, generation, roots.Step, RootPatience) is { } gradient)
                    roots.Tell(range, roots.Step, gradient);
            }
        }
        catch (Exception fault)
        {
            roots.Fail(fault);
        }
    }

    // What a step usually takes tells a late one; before the first is known the whole patience is given.
    private TimeSpan Patience
    {
        get
        {
            if (_usualSeconds is not { } usual) return _options.StragglerPatience;
            return TimeSpan.FromSeconds(Math.Min(Math.Max(SmallestPatience, LateFactor * usual), _options.StragglerPatience.TotalSeconds));
        }
    }

    // What the examples of the batch tell each other: asked of everyone at once, and of others where somebody is lost or late.
    private async Task<float[]> ExchangeAsync(StepPlan plan, CancellationToken cancellation)
    {
        var exchange = new BatchExchange(_options.ExchangeLength, _options.Shards);
        bool late = false;
        long? told = null;
        while (exchange.Missing.Count > 0)
        {
            await _workers.AdmitAsync(_ranges, Guard, cancellation);
            long started = _options.Time.GetTimestamp();
            Task all = _workers.Measure(plan, exchange, again: late);
            late = false;
            while (!late && await Task.WhenAny(all, _options.Roster.Pulse) != all)
            {
                DemandRangesLive();
                DemandUnstopped(ref told, cancellation);
                if (_workers.HasLost) break;
                late = _options.Time.GetElapsedTime(started) > Patience;
            }

            if (!late) continue;
            await Guard("apply", SettleAsync());
            await Guard("send again", _workers.ResendAsync(_ranges));
        }

        return exchange.Numbers;
    }

    // Whether there was something to give out.
    private async Task<bool> AssignAgainAsync(StepPlan plan, float[]? exchange, bool all, CancellationToken cancellation)
    {
        IReadOnlyList<int>[] missing = await Guard(
            "ask", Task.WhenAll(_ranges.Select(range => range.MissingAsync(Run, plan.Generation, plan.Step))));
        IReadOnlyList<int> shards = [.. missing.SelectMany(mine => mine).Distinct().Order()];
        IReadOnlyList<int> orphans = all ? shards : _workers.Orphans(shards);
        if (orphans.Count == 0) return false;
        if (all)
        {
            _options.Notice?.Invoke($"step {plan.Step}: {shards.Count} shards are late and are given out again");
            await Guard("send again", _workers.ResendAsync(_ranges));
        }

        await _workers.AdmitAsync(_ranges, Guard, cancellation);
        _workers.Assign(plan, orphans, exchange, again: true);
        return true;
    }

    private void DemandRangesStay()
    {
        _seen = _options.Roster.Version;
        DemandRangesLive();
        if (_options.Roster.Alive.FirstOrDefault(silo => silo.IsDraining && _silosOfRanges.Contains(silo.Incarnation)) is { } leaving)
            throw new RangeLostException($"{leaving.Name} leaves; its range moves", isMove: true);
    }

    // A step that is under way is finished, so that nothing of it is lost, but not waited for without end.
    private void DemandUnstopped(ref long? told, CancellationToken cancellation)
    {
        if (!cancellation.IsCancellationRequested) return;
        if (told is not { } since) told = _options.Time.GetTimestamp();
        else if (_options.Time.GetElapsedTime(since) > _options.StopPatience) cancellation.ThrowIfCancellationRequested();
    }

    private void DemandRangesLive()
    {
        for (int i = 0; i < _silosOfRanges.Length; i++)
        {
            if (!_options.Roster.IsAlive(_silosOfRanges[i])) throw new RangeLostException($"the silo of range {i} is lost", isMove: false);
        }
    }

    private async Task<T> Guard<T>(string what, Task<T> call)
    {
        await Guard(what, (Task)call);
        return await call;
    }

    private async Task Guard(string what, Task call)
    {
        try
        {
            // The lease of a silo runs out long before a call to it does.
            long started = _options.Time.GetTimestamp();
            while (await Task.WhenAny(call, _options.Roster.Pulse) != call)
            {
                DemandRangesLive();
                if (_options.Time.GetElapsedTime(started) > _options.CallPatience)
                    throw new TimeoutException($"no answer within {_options.CallPatience.TotalSeconds:0} s");
            }

            await call;
        }
        catch (Exception fault) when (fault is not (StaleGenerationException or RangeLostException or Core.BadInputException))
        {
            throw new RangeLostException(
                $"cannot {what} in generation {_generation}: {fault.Message.ReplaceLineEndings(" ")}", isMove: false, fault);
        }
    }
}
