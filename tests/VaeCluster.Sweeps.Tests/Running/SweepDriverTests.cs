using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Running;

public sealed class SweepDriverTests
{
    private const string Grid = "space: { objective.beta: [1, 2, 4], model.latent: [2, 3] }\n";

    [Fact]
    public async Task A_sweep_trains_every_trial_and_names_the_best()
    {
        using var folder = new TemporaryFolder();
        var trials = new ScriptedTrials((work, epoch) => epoch - (work.Trial.Index == 4 ? 0 : 100));
        SweepSummary summary = await DriveAsync(folder, SweepTexts.Parse(Grid), trials);
        Assert.Equal(("finished", 4, 6, 6L * 40), (summary.Status, summary.Best, summary.TotalTrials, summary.Steps));
        Assert.Equal([4], summary.Front);
        Assert.All(summary.Trials, trial => Assert.Equal((TrialStatus.Finished, 40, 40), (trial.Status, trial.Steps, trial.TotalSteps)));

        var files = new SweepFolder(folder["sweep"]);
        Assert.Equal([.. Enumerable.Range(0, 6)], SweepJournal.ReadEnded(files).Select(record => record.Index));
        Assert.Equal(JsonSerializer.Serialize(summary, SweepJson.File), await File.ReadAllTextAsync(files.SummaryPath));
        Assert.Equal("trials/0004-beta4-latent2-seed1", summary.Trials[4].Folder);
    }

    [Fact]
    public async Task The_best_trial_belongs_to_the_setting_with_the_best_mean_over_seeds()
    {
        using var folder = new TemporaryFolder();
        double[] elbos = [9, 1, 6, 7]; // means 5 and 6.5
        SweepSummary summary = await DriveAsync(
            folder, SweepTexts.Parse(
                "seeds: [1, 2]\nspace: { objective.beta: [1, 2] }"), new ScriptedTrials((work, _) => elbos[work.Trial.Index]));
        Assert.Equal(3, summary.Best);
        Assert.Equal([2, 3], summary.Front);
    }

    [Fact]
    public async Task Several_objectives_give_a_Pareto_front()
    {
        using var folder = new TemporaryFolder();
        (double Elbo, double Mig)[] values = [(1, 9), (5, 5), (4, 4), (9, 1)];
        var trials = new FrontTrials(values);
        SweepSummary summary =
            await DriveAsync(folder, SweepTexts.Parse("objective: [elbo, mig]\nspace: { objective.beta: [1, 2, 4, 8] }"), trials);
        Assert.Equal([0, 1, 3], summary.Front);
        Assert.Equal(3, summary.Best);
        Assert.Equal([new SweepObjective("elbo", true), new SweepObjective("mig", true)], summary.Objectives);
    }

    [Fact]
    public async Task Trials_of_one_setting_are_compared_once_when_all_have_ended()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse("objective: udr\nseeds: [1, 2]\nspace: { objective.beta: [1, 2] }");
        var trials = new ScriptedTrials((_, epoch) => epoch);
        SweepSummary summary = await DriveAsync(folder, sweep, trials);
        Assert.Equal([2, 3, 2, 3], summary.Trials.Select(trial => trial.Scores["udr"]));
        Assert.Equal(1, summary.Best);
        summary = await DriveAsync(folder, sweep, trials);
        Assert.Equal([2, 3, 2, 3], summary.Trials.Select(trial => trial.Scores["udr"]));
        Assert.Equal(2, SweepJournal.ReadLog(new SweepFolder(folder["sweep"])).Count(line => line.Kind == LogLine.Ranking));
        Assert.Contains("'seeds' must list at least two", Assert.Throws<BadInputException>(() =>
            SweepStart.Check(SweepTexts.Parse(
                "objective: udr\nspace: { objective.beta: [1, 2] }"), "sweep.yaml", trials)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_trials_than_allowed_run_in_parallel()
    {
        using var folder = new TemporaryFolder();
        var trials = new ScriptedTrials((_, epoch) => epoch);
        await DriveAsync(folder, SweepTexts.Parse(Grid + "parallel: 3"), trials);
        Assert.InRange(trials.MostAtOnce, 1, 3);
        Assert.All(trials.Shares, share => Assert.Equal(3, share));
    }

    [Fact]
    public async Task A_failed_trial_resumes_from_its_checkpoint_after_increasing_delays()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        int failures = 0;
        var trials = new ScriptedTrials((_, epoch) => epoch)
        {
            BeforeEpoch = (work, epoch) =>
            {
                if (work.Trial.Index == 1 && epoch == 3 && failures++ < 2) throw new IOException("no space left on device");
            },
        };
        SweepSummary summary = await DriveAsync(folder, SweepTexts.Parse(Grid + "maxFailures: 2"), trials, time);
        Assert.Equal((TrialStatus.Finished, 2, "no space left on device"), (
            summary.Trials[1].Status, summary.Trials[1].Failures, summary.Trials[1].Error));
        Assert.Equal(40, trials.Trained[1]);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], time.Pauses);
    }

    [Fact]
    public async Task A_trial_that_fails_too_often_is_given_up_and_the_sweep_finishes()
    {
        using var folder = new TemporaryFolder();
        var trials = new ScriptedTrials((_, epoch) => epoch)
        {
            BeforeEpoch = (work, _) =>
            {
                if (work.Trial.Index != 3) throw new IOException("broken");
            },
        };
        SweepSummary summary = await DriveAsync(folder, SweepTexts.Parse(Grid + "maxFailures: 1"), trials, new ManualTime());
        Assert.Equal("finished", summary.Status);
        Assert.All(summary.Trials, trial => Assert.Equal(
            trial.Index == 3 ? (TrialStatus.Finished, 0) : (TrialStatus.Failed, 2), (trial.Status, trial.Failures)));
    }

    [Fact]
    public async Task A_sweep_fails_if_all_trials_fail_and_final_failures_are_not_retried()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        var trials = new ScriptedTrials((_, epoch) => epoch)
        {
            BeforeEpoch = (_, _) => throw new FinalFailureException(new InvalidOperationException("step 3 is not finite")),
        };
        SweepSummary summary = await DriveAsync(folder, SweepTexts.Parse(Grid), trials, time);
        Assert.Equal(("failed", null), (summary.Status, summary.Best));
        Assert.All(summary.Trials, trial => Assert.Equal(
            (TrialStatus.Failed, 1, "step 3 is not finite"), (trial.Status, trial.Failures, trial.Error)));
        Assert.Empty(time.Pauses);
    }

    [Fact]
    public async Task Unpromising_trials_stop_early_and_keep_their_last_scores()
    {
        using var folder = new TemporaryFolder();
        var trials = new ScriptedTrials((work, epoch) => epoch - work.Trial.Index);
        SweepSummary summary = await DriveAsync(folder, SweepTexts.Parse("stop: { kind: asha, grace: 1, reduction: 2 }\n" + Grid), trials);
        Assert.Equal(
            [TrialStatus.Finished, .. Enumerable.Repeat(TrialStatus.StoppedEarly, 5)], summary.Trials.Select(trial => trial.Status));
        Assert.All(summary.Trials.Skip(1), trial =>
        {
            Assert.Equal((10, 40, 1.0 - trial.Index), (trial.Steps, trial.TotalSteps, trial.Scores["elbo"]));
            Assert.Contains("epoch 1", trial.StopReason, StringComparison.Ordinal);
            Assert.Null(trial.Error);
        });
        Assert.Equal((0, 40L + (5 * 10)), (summary.Best, summary.Steps));
    }

    [Theory]
    [InlineData("stop: { kind: asha, grace: 1, reduction: 2 }\n" + Grid)]
    [InlineData(
        "stop: { kind: median, grace: 1, minTrials: 1 }\nsearch: { kind: tpe, trials: 9, startup: 3 }\n" +
        "space: { objective.beta: { min: 1, max: 8 } }")]
    public async Task A_sweep_interrupted_anywhere_makes_the_same_decisions_when_resumed(string text)
    {
        SweepSpec sweep = SweepTexts.Parse(text);
        static double Elbo(TrialWork work, int epoch) =>
            Math.Sin(work.Trial.Index * 7) + (epoch * 0.01) - Math.Abs(work.Trial.Parameters["objective.beta"].GetDouble() - 3);
        using var undisturbed = new TemporaryFolder();
        string[] expected = Lines(await DriveAsync(undisturbed, sweep, new ScriptedTrials(Elbo)));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(8).WithEndSize(6), Prop.ForAll<byte[]>(cuts =>
        {
            using var folder = new TemporaryFolder();
            var saved = new ScriptedTrials(Elbo);
            SweepSummary? summary = null;
            foreach (byte cut in cuts.Append((byte)255))
            {
                int left = cut;
                using var stop = new CancellationTokenSource();
                var trials = new ScriptedTrials(Elbo)
                {
                    BeforeEpoch = (_, _) =>
                    {
                        // Like a kill: nothing after this is written.
                        if (left-- % 16 == 0 && cut < 255) stop.Cancel();
                        stop.Token.ThrowIfCancellationRequested();
                    },
                };
                foreach ((int index, int epoch) in saved.Saved) trials.Saved[index] = epoch;
                summary = DriveAsync(folder, sweep, trials, stop: stop.Token).GetAwaiter().GetResult();
                Tear(folder, cut);
                saved = trials;
            }

            return Lines(summary!).SequenceEqual(expected);
        }));

        static string[] Lines(SweepSummary summary) =>
            [.. summary.Trials.Select(
                trial => JsonSerializer.Serialize(trial, SweepJson.Line)), $"{summary.Best} {summary.Status} {summary.Steps}"];
    }

    [Fact]
    public async Task Every_suggestion_is_logged_with_the_settings_it_was_made_from()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep =
            SweepTexts.Parse("search: { kind: tpe, trials: 8, startup: 3 }\nseeds: [1, 2]\nspace: { objective.beta: { min: 1, max: 8 } }");
        await DriveAsync(folder, sweep, new ScriptedTrials((work, _) => -work.Run.Objective.Kind.Number("beta")));
        LogLine[] suggestions = [.. SweepJournal.ReadLog(new SweepFolder(folder["sweep"])).Where(line => line.Kind == LogLine.Suggestion)];
        LogLine only = Assert.Single(suggestions);
        Assert.Equal(3, only.Setting);
        Assert.Equal([0, 1, 2], only.From);
        IReadOnlyList<TrialRecord> ended = SweepJournal.ReadEnded(new SweepFolder(folder["sweep"]));
        Assert.All(ended.Where(trial => trial.Index is 6 or 7), trial => Assert.Equal(
            JsonSerializer.Serialize(only.Parameters), JsonSerializer.Serialize(trial.Parameters)));
    }

    [Fact]
    public async Task More_trials_and_more_in_parallel_take_effect_while_the_sweep_runs()
    {
        using var folder = new TemporaryFolder();
        SweepDriver? driver = null;
        var both = new TaskCompletionSource();
        int waiting = 0;
        var trials = new ScriptedTrials((_, epoch) => epoch)
        {
            BeforeEpoch = (work, epoch) =>
            {
                if (work.Trial.Index == 0 && epoch == 1) driver!.Change(["parallel=2", "search.trials=5"]);
                if (epoch != 2 || work.Trial.Index > 1) return;

                // Each waits for the other, so they must run at the same time.
                if (Interlocked.Increment(ref waiting) == 2) both.SetResult();
                Assert.True(both.Task.Wait(TimeSpan.FromSeconds(30)));
            },
        };
        SweepSpec sweep = SweepTexts.Parse("search: { kind: random, trials: 3 }\nspace: { objective.beta: { min: 1, max: 8 } }");
        using SweepJournal journal = SweepJournal.Create(sweep, folder["sweep"], TimeProvider.System);
        driver = new SweepDriver(journal, trials, new SweepDriverOptions());
        SweepSummary summary = await driver.RunAsync(CancellationToken.None);
        Assert.Equal((5, 2, "finished"), (summary.TotalTrials, trials.MostAtOnce, summary.Status));
        Assert.Equal(2, SweepFile.Load(journal.Folder.SpecPath, []).Parallel);
        Assert.Throws<BadInputException>(() => driver.Change(["training.epochs=9"]));
    }

    [Fact]
    public async Task A_finished_sweep_can_be_resumed_and_extended_with_more_trials()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse("search: { kind: random, trials: 3 }\nspace: { objective.beta: { min: 1, max: 8 } }");
        var trials = new ScriptedTrials((_, epoch) => epoch);
        await DriveAsync(folder, sweep, trials);
        int trained = trials.Trained.Values.Sum();
        Assert.Equal("finished", (await DriveAsync(folder, sweep, trials)).Status);
        Assert.Equal(trained, trials.Trained.Values.Sum());
        using (SweepJournal journal = SweepJournal.Open(folder["sweep"], TimeProvider.System))
            journal.Change(SweepChange.Apply(journal.Spec, ["search.trials=4"], SweepDriver.BegunIn(journal)), ["search.trials=4"]);
        Assert.Equal(4, (await DriveAsync(folder, sweep, trials)).Trials.Count);
        Assert.Equal(trained + 40, trials.Trained.Values.Sum());
    }

    [Fact]
    public void A_score_that_needs_factors_is_rejected_before_the_sweep_starts()
    {
        SweepSpec sweep = SweepTexts.Parse(Grid + "scores: [mig]");
        BadInputException fault =
            Assert.Throws<BadInputException>(() => SweepStart.Check(sweep, "sweep.yaml", new ScriptedTrials((_, _) => 0)));
        Assert.Contains(
            "sweep.yaml, trial 0 (beta 1, latent 2, seed 1): data.dataset is 'dsprites': must have factors", fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopping_rule_without_evaluations_is_rejected() =>
        Assert.Contains("evaluation.everyEpochs is '0'", Assert.Throws<BadInputException>(() => SweepStart.Check(
            SweepTexts.Parse("stop: asha\n" + Grid, "evaluation.everyEpochs=0"), "sweep.yaml",
            new ScriptedTrials((_, _) => 0))).Message, StringComparison.Ordinal);

    private static async Task<SweepSummary> DriveAsync(
        TemporaryFolder folder, SweepSpec sweep, ITrialRunner trials, TimeProvider? time = null, CancellationToken stop = default)
    {
        bool isNew = !new SweepFolder(folder["sweep"]).Exists;
        using SweepJournal journal = isNew
            ? SweepJournal.Create(sweep, folder["sweep"], TimeProvider.System)
            : SweepJournal.Open(folder["sweep"], TimeProvider.System);
        return await new SweepDriver(journal, trials, new SweepDriverOptions { Time = time ?? TimeProvider.System }).RunAsync(stop);
    }

    // Leaves the files as a kill in the middle of a write would.
    private static void Tear(TemporaryFolder folder, byte cut)
    {
        var files = new SweepFolder(folder["sweep"]);
        if (cut % 3 == 0) File.AppendAllText(files.LogPath, "{\"kind\":\"score\",\"tri");
        if (cut % 3 == 1) File.AppendAllText(files.TrialsPath, "{\"index\":0,");
        if (cut % 4 == 0 && cut < 255) File.Delete(files.SummaryPath);
    }

    private sealed class FrontTrials((double Elbo, double Mig)[] values) : ITrialRunner
    {
        private readonly ScriptedTrials _trials = new((_, epoch) => epoch);

        public void Check(Core.Specs.RunSpec run, IReadOnlyList<Evaluation.Scores.ScoreKind> scores)
        {
        }

        public async Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
        {
            TrialEnd end = await _trials.RunAsync(work, watch, cancellation);
            (double elbo, double mig) = values[work.Trial.Index];
            return end with { Scores = new Dictionary<string, double> { ["elbo"] = elbo, ["mig"] = mig } };
        }

        public IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(
            IReadOnlyList<string> folders, IReadOnlyList<Evaluation.Scores.ScoreKind> scores,
            CancellationToken cancellation) => throw new NotSupportedException();
    }
}
