using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Silo.Beats;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cluster.Tests.Keepers;

/// <summary>
/// When a sweep is taken over, which keeper runs its trials, and what becomes of them, with a clock that the tests control.
/// </summary>
public sealed class SweepKeeperTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Poll = TimeSpan.FromMilliseconds(250),
        Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_sweep_of_a_dead_keeper_is_taken_over_after_the_interval_and_not_before()
    {
        using KeptSweep sweep = await new KeptSweep(trials: 2).QueueAsync();
        DriverSeat<SweepKeeper> first = sweep.Silo().SeatOf(sweep.Id, () => { });
        await first.LookAsync();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial().Count == 2);
        SweepKeeper lost = first.Driver!;
        lost.Yield();
        await lost.Ended.WaitAsync(Longest);
        Assert.Equal(RunState.Running, (await sweep.ShowAsync()).State);

        var ended = new TaskCompletionSource();
        DriverSeat<SweepKeeper> second = sweep.Silo().SeatOf(sweep.Id, ended.SetResult);
        int looks = 0;
        await using var watch = new SweepWatch(
            sweep.Store,
            id =>
            {
                Assert.Equal(sweep.Id, id);
                looks++;
                return second.LookAsync();
            },
            sweep.Time);
        await sweep.Time.WaitedForAsync(Interval);
        sweep.Time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Equal((0, 2), (looks, sweep.Runs.Calls["submit"]));
        sweep.Time.Advance(TimeSpan.FromTicks(1));
        await sweep.Runs.UntilAsync(runs => runs.Calls.GetValueOrDefault("follow") >= 4);
        for (int trial = 0; trial < 2; trial++) sweep.Runs.Train(trial);
        await ended.Task.WaitAsync(Longest);
        Assert.Equal(RunState.Finished, (await sweep.ShowAsync()).State);
        Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal(1, run.Sessions));
        Assert.Equal([0, 1], sweep.Logged(LogLine.End).Order());
    }

    [Fact]
    public async Task A_call_that_fails_because_the_store_is_down_is_made_up_for_by_the_next_one()
    {
        using KeptSweep sweep = await new KeptSweep(trials: 1, run => ScriptedRuns.Train(run)).QueueAsync();
        var ended = new TaskCompletionSource();
        DriverSeat<SweepKeeper> seat = sweep.Silo().SeatOf(sweep.Id, ended.SetResult);
        await using var watch = new SweepWatch(sweep.Store, _ => seat.LookAsync(), sweep.Time);
        await sweep.Time.WaitedForAsync(Interval);
        sweep.Store.IsAway = true;
        sweep.Time.Advance(Interval);
        await sweep.Store.RefusedAsync();
        Assert.Empty(sweep.Runs.ByTrial());
        sweep.Store.IsAway = false;
        sweep.Time.Advance(Interval);
        await ended.Task.WaitAsync(Longest);
        Assert.Equal(RunState.Finished, (await sweep.ShowAsync()).State);
    }

    [Fact]
    public async Task A_run_that_is_still_pausing_when_its_sweep_is_resumed_continues_once_it_is_paused()
    {
        using KeptSweep sweep = await new KeptSweep(trials: 1).QueueAsync();
        sweep.Runs.PausesSlowly = true;
        DriverSeat<SweepKeeper> first = sweep.Silo().SeatOf(sweep.Id, () => { });
        await first.LookAsync();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial().Count == 1);
        SweepKeeper paused = first.Driver!;
        paused.Stop();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial()[0].State == RunState.Pausing);
        await paused.Ended.WaitAsync(Longest);
        StoredRun stored = (await sweep.Store.FindAsync(sweep.Id, default))!;
        Assert.NotNull(await sweep.Store.ChangeAsync(stored with { State = RunState.Queued }, default));

        var ended = new TaskCompletionSource();
        DriverSeat<SweepKeeper> second = sweep.Silo().SeatOf(sweep.Id, ended.SetResult);
        await second.LookAsync();
        await sweep.Time.WaitedForAsync(Poll);
        Assert.DoesNotContain("resume", sweep.Runs.Calls.Keys);
        sweep.Runs.Rest(0);
        sweep.Time.Advance(Poll);
        await sweep.Runs.UntilAsync(runs => runs.ByTrial()[0].Sessions == 2);
        sweep.Runs.Train(0);
        await ended.Task.WaitAsync(Longest);
        Assert.Equal([0], sweep.Logged(LogLine.End));
    }

    [Fact]
    public async Task Two_simultaneous_keepers_run_no_trial_twice()
    {
        for (int time = 0; time < 20; time++)
        {
            using KeptSweep sweep = await new KeptSweep(trials: 4).QueueAsync();
            Task[] keepers = [KeepAsync(sweep), KeepAsync(sweep)];

            // Whatever they do first, nothing is measured until both of them believe that they drive the sweep.
            for (int keeper = 0; keeper < 2; keeper++) await sweep.Store.TakenAsync();
            for (int trial = 0; trial < 4; trial++)
            {
                int next = trial;
                await sweep.Runs.UntilAsync(runs => runs.ByTrial().ContainsKey(next));
                sweep.Runs.Train(trial);
            }

            await Task.WhenAll(keepers).WaitAsync(Longest);
            Assert.True((await sweep.ShowAsync()).State == RunState.Finished, string.Join('\n', sweep.Words));
            Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal((1, RunState.Finished), (run.Sessions, run.State)));
            Assert.DoesNotContain("pause", sweep.Runs.Calls.Keys);
            Assert.Equal([0, 1, 2, 3], sweep.Logged(LogLine.End).Order());
            Assert.Equal([0, 1, 2, 3], SweepJournal.ReadEnded(sweep.Files).Select(record => record.Index).Order());
            Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], sweep.Logged(LogLine.Score).Order());
        }
    }

    [Fact]
    public async Task A_keeper_that_is_replaced_during_training_leaves_its_trials_to_its_successor()
    {
        using KeptSweep sweep = await new KeptSweep(trials: 2, run => ScriptedRuns.Train(run, 3)).QueueAsync();
        using SweepKeeper old = sweep.Keeper(), next = sweep.Keeper();
        old.Start();
        await UntilBegunAsync(sweep, 2);
        next.Start();
        await sweep.Runs.UntilAsync(runs => runs.Calls.GetValueOrDefault("follow") >= 4);
        sweep.Runs.Train(0); // the old keeper must not record its measurement
        await old.Ended.WaitAsync(Longest);
        Assert.Contains($"{sweep.Id}: another silo now drives this sweep", sweep.Words);
        sweep.Runs.Train(1);
        await next.Ended.WaitAsync(Longest);
        Assert.Equal(RunState.Finished, (await sweep.ShowAsync()).State);
        Assert.DoesNotContain("pause", sweep.Runs.Calls.Keys);
        Assert.Equal([0, 0, 1, 1], sweep.Logged(LogLine.Score).Order());
    }

    [Fact]
    public async Task A_failing_trial_is_retried_as_often_as_allowed_and_then_counts_as_failed()
    {
        using KeptSweep sweep = await new KeptSweep(3, Session, "maxFailures=2", "parallel=2").QueueAsync();
        using SweepKeeper keeper = sweep.Keeper();
        keeper.Start();
        for (int failure = 1; failure <= 2; failure++)
        {
            // After 1 s, then 2 s, and no sooner.
            TimeSpan pause = TimeSpan.FromSeconds(failure);
            await sweep.Time.WaitedForAsync(pause);
            if (failure == 1)
            {
                // Another trial ends meanwhile, and the next one begins in its place.
                await sweep.Runs.UntilAsync(runs => runs.ByTrial().ContainsKey(1));
                sweep.Runs.Train(1);
                await sweep.Runs.UntilAsync(runs => runs.ByTrial().ContainsKey(2));
            }

            sweep.Time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.Equal(failure, sweep.Runs.ByTrial()[0].Sessions);
            sweep.Time.Advance(TimeSpan.FromTicks(1));
            await sweep.Runs.UntilAsync(runs => runs.ByTrial()[0].Sessions == failure + 1);
        }

        await keeper.Ended.WaitAsync(Longest);
        StoredRun end = await sweep.ShowAsync();
        Assert.Equal((RunState.Finished, null), (end.State, end.Error));
        Assert.Equal(3, sweep.Runs.ByTrial()[0].Sessions);
        Assert.Equal([0, 0, 0], sweep.Logged(LogLine.Failure));
        TrialRecord failed = SweepJournal.ReadEnded(sweep.Files).Single(record => record.Index == 0);
        Assert.Equal((TrialStatus.Failed, 3, "out of memory"), (failed.Status, failed.Failures, failed.Error));
        Assert.Equal(2, end.Notes.Count(note => note.Contains("out of memory", StringComparison.Ordinal)));

        static void Session(ScriptedRun run)
        {
            if (run.Trial == 0) ScriptedRuns.Fail(run, "out of memory");
            if (run.Trial == 2) ScriptedRuns.Train(run);
        }
    }

    [Fact]
    public async Task A_sweep_fails_with_the_reason_if_all_its_trials_fail()
    {
        using KeptSweep sweep = await new KeptSweep(2, run => ScriptedRuns.Fail(run, "the loss of step 7 is not finite"), "maxFailures=5")
            .QueueAsync();
        using SweepKeeper keeper = sweep.Keeper();
        keeper.Start();
        await keeper.Ended.WaitAsync(Longest);
        StoredRun end = await sweep.ShowAsync();
        Assert.Equal((RunState.Failed, "the loss of step 7 is not finite"), (end.State, end.Error));
        Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal(1, run.Sessions)); // it would fail again
    }

    [Fact]
    public async Task A_temporary_outage_of_the_store_loses_nothing()
    {
        using KeptSweep sweep = await new KeptSweep(1, run => ScriptedRuns.Train(run, 3), "maxFailures=0").QueueAsync();
        using SweepKeeper keeper = sweep.Keeper();
        keeper.Start();
        await UntilBegunAsync(sweep, 1);

        // An hour of undisturbed training does not count towards the retry time. Then a measurement cannot be recorded for nine minutes.
        sweep.Time.Advance(TimeSpan.FromHours(1));
        sweep.Store.IsAway = true;
        sweep.Runs.Train(0, 3);
        for (int second = 0; second < 540; second++)
        {
            await sweep.Time.WaitedForAsync(Interval);
            sweep.Time.Advance(Interval);
        }

        Assert.Empty(sweep.Logged(LogLine.Score));
        await sweep.Time.WaitedForAsync(Interval);
        sweep.Store.IsAway = false;
        sweep.Time.Advance(Interval);
        sweep.Runs.Train(0);
        await keeper.Ended.WaitAsync(Longest);
        Assert.True((await sweep.ShowAsync()).State == RunState.Finished, string.Join('\n', sweep.Words));
        Assert.Equal([0, 0], sweep.Logged(LogLine.Score));
        Assert.Empty(sweep.Logged(LogLine.Failure));
        Assert.Equal(1, sweep.Runs.ByTrial()[0].Sessions);
    }

    [Fact]
    public async Task A_service_outage_beyond_the_retry_time_fails_the_trial()
    {
        using KeptSweep sweep = await new KeptSweep(1, run => ScriptedRuns.Train(run, 3), "maxFailures=1").QueueAsync();
        using SweepKeeper keeper = sweep.Keeper();
        keeper.Start();
        await UntilBegunAsync(sweep, 1);
        sweep.Runs.OnCall = _ => throw new TimeoutException("nobody answers");
        sweep.Runs.Train(0, 1);
        for (int second = 0; second < 600; second++)
        {
            await sweep.Time.WaitedForAsync(Interval);
            sweep.Time.Advance(Interval);
        }

        // The pause after a failure is as long as between two attempts.
        await sweep.Time.WaitedForAsync(Interval);
        Assert.Equal([0], sweep.Logged(LogLine.Failure));
        sweep.Runs.OnCall = null;
        sweep.Runs.Train(0);
        sweep.Time.Advance(Interval);
        await keeper.Ended.WaitAsync(Longest);
        Assert.Equal(RunState.Finished, (await sweep.ShowAsync()).State);
        Assert.Equal([0, 0], sweep.Logged(LogLine.Score));
    }

    [Theory]
    [InlineData(RunState.Stopping, RunState.Stopped)]
    [InlineData(RunState.Pausing, RunState.Paused)]
    public async Task Cancel_and_pause_stop_running_trials_and_resume_continues_them(RunState told, RunState rest)
    {
        using KeptSweep sweep = await new KeptSweep(trials: 4).QueueAsync();
        var ended = new TaskCompletionSource();
        DriverSeat<SweepKeeper> seat = sweep.Silo().SeatOf(sweep.Id, () => ended.SetResult());
        await seat.LookAsync();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial().Count == 3);
        await sweep.TellAsync(told);
        await seat.LookAsync();
        await ended.Task.WaitAsync(Longest);
        Assert.Equal(rest, (await sweep.ShowAsync()).State);
        Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal(RunState.Paused, run.State));

        await sweep.TellAsync(RunState.Queued);
        ended = new TaskCompletionSource();
        await seat.LookAsync();
        for (int trial = 0; trial < 4; trial++)
        {
            int next = trial;
            await sweep.Runs.UntilAsync(runs => runs.ByTrial().TryGetValue(next, out ScriptedRun? run) && run.State == RunState.Running);
            sweep.Runs.Train(trial);
        }

        await ended.Task.WaitAsync(Longest);
        Assert.Equal(RunState.Finished, (await sweep.ShowAsync()).State);
        Assert.Equal([2, 2, 2, 1], sweep.Runs.ByTrial().OrderBy(entry => entry.Key).Select(entry => entry.Value.Sessions));
    }

    [Fact]
    public async Task Cancel_also_stops_the_trials_of_a_dead_keeper_and_those_left_during_an_outage_of_the_store()
    {
        using KeptSweep sweep = await new KeptSweep(trials: 2).QueueAsync();
        using SweepKeeper lost = sweep.Keeper();
        lost.Start();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial().Count == 2);
        lost.Yield();
        await lost.Ended.WaitAsync(Longest);
        await sweep.TellAsync(RunState.Stopping);
        using SweepKeeper next = sweep.Keeper();
        next.Stop();
        next.Start();
        await next.Ended.WaitAsync(Longest);
        Assert.Equal(RunState.Stopped, (await sweep.ShowAsync()).State);
        Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal(RunState.Paused, run.State));

        await sweep.TellAsync(RunState.Queued);
        using SweepKeeper waits = sweep.Keeper();
        waits.Start();
        await sweep.Runs.UntilAsync(runs => runs.ByTrial().Values.All(run => run.State == RunState.Running));
        sweep.Store.IsAway = true;
        sweep.Runs.Train(0, ScriptedRuns.StepsPerEpoch);
        await sweep.Time.WaitedForAsync(Interval);
        sweep.Store.IsAway = false;
        waits.Stop();
        await waits.Ended.WaitAsync(Longest);
        Assert.All(sweep.Runs.ByTrial().Values, run => Assert.Equal(RunState.Paused, run.State));
    }

    // Two keepers that write the summary at once may disturb each other; the next call takes the sweep over again, unless another keeper
    // drives it.
    private static async Task KeepAsync(KeptSweep sweep)
    {
        bool isReplaced = false;
        do
        {
            using var keeper = new SweepKeeper(sweep.Id, sweep.Silo().Keeper with { Log = Hear });
            keeper.Start();
            await keeper.Ended;
        }
        while (!isReplaced && (await sweep.ShowAsync()).State.IsInProgress());

        void Hear(string line)
        {
            sweep.Words.Enqueue(line);
            isReplaced |= line.EndsWith("another silo now drives this sweep", StringComparison.Ordinal);
        }
    }

    // By then its trials are following their runs.
    private static Task UntilBegunAsync(KeptSweep sweep, int trials) =>
        sweep.Runs.UntilAsync(_ => SweepJournal.ReadLog(sweep.Files).Count(line => line.Kind == LogLine.Begin) == trials);
}
