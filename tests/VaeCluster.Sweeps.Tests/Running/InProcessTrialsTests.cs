using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Tests.Running;

public sealed class InProcessTrialsTests
{
    private const string Grid = "space: { objective.beta: [1, 4], model.latent: [2, 3] }\nparallel: 2\n";

    [Fact]
    public void A_trial_has_the_same_weights_as_a_run_of_its_run_file()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse(Grid + "scores: [mig]");
        SweepSummary summary = Drive(folder, sweep);
        Assert.Equal("finished", summary.Status);
        Trial trial = new TrialPlan(sweep).At(3, []);
        TrainingRun run = TrainingRun.Prepare(
            trial.RunSpec(sweep), folder["alone"], force: false, Evaluation.Runs.TrainingSetup.Options(() => new ManagedEngine()));
        Assert.Equal(run.Execute().WeightsSha256, summary.Trials[3].WeightsSha256);
        Assert.All(summary.Trials, record => Assert.Equal(
            ["active-units", "elbo", "kl", "mig", "reconstruction"], record.Scores.Keys.Order(StringComparer.Ordinal)));
        Assert.All(summary.Trials, record => Assert.Equal(record.Result!.Test!.Elbo, record.Scores["elbo"]));
    }

    [Fact]
    public void A_trial_stopped_early_has_the_weights_of_an_undisturbed_run_at_that_step()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse(
            "search: { kind: grid, order: listed }\nstop: { kind: asha, grace: 2, reduction: 2 }\n" +
            "space: { training.learningRate: [0.01, 0.000001] }");
        SweepSummary summary = Drive(folder, sweep);
        TrialRecord stopped = summary.Trials[1];
        Assert.Equal((TrialStatus.StoppedEarly, 2 * stopped.TotalSteps / 4), (stopped.Status, stopped.Steps));

        RunSpec half = new TrialPlan(sweep).At(1, []).RunSpec(sweep);
        half = half with { Training = half.Training with { Epochs = 2 } };
        TrainingRun run =
            TrainingRun.Prepare(half, folder["half"], force: false, Evaluation.Runs.TrainingSetup.Options(() => new ManagedEngine()));
        Assert.Equal(run.Execute().WeightsSha256, stopped.WeightsSha256);

        // If killed after the decision but before the trial's end is recorded, it stops at the same step again.
        var files = new SweepFolder(folder["sweep"]);
        string[] lines = File.ReadAllLines(files.TrialsPath);
        File.WriteAllLines(files.TrialsPath, lines[..1]);
        Assert.Equal(
            (stopped.Steps, stopped.WeightsSha256), (Drive(folder, sweep).Trials[1].Steps, Drive(folder, sweep).Trials[1].WeightsSha256));
    }

    [Fact]
    public void A_damaged_trial_folder_is_repaired_with_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse(Grid);
        string[] expected = [.. Drive(folder, sweep).Trials.Select(trial => trial.WeightsSha256!)];
        var files = new SweepFolder(folder["sweep"]);
        string[] trials = [.. SweepJournal.ReadEnded(files).OrderBy(record => record.Index).Select(
            record => files.TrialPath(record.Folder))];
        File.Delete(files.TrialsPath);
        File.WriteAllLines(
            files.LogPath, File.ReadAllLines(files.LogPath).Where(line => !line.Contains("\"kind\":\"ended\"", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(trials[0], "run.yaml"), "name: 'bars\ndata: { datas");
        File.Delete(Path.Combine(trials[0], "result.json"));
        File.WriteAllText(Path.Combine(trials[1], "result.json"), "{ \"status\": \"fin");
        Directory.Delete(trials[2], recursive: true);
        Directory.CreateDirectory(trials[2]);
        File.WriteAllText(Path.Combine(trials[3], "run.yaml"), string.Empty);

        var observer = new Notices();
        SweepSummary summary = Drive(folder, sweep, observer);
        Assert.Equal(expected, summary.Trials.Select(trial => trial.WeightsSha256));
        Assert.Contains("trial 0: run.yaml was damaged and has been rewritten", observer.Lines);
        Assert.Contains("trial 1: result.json was damaged and will be rewritten", observer.Lines);
    }

    [Fact]
    public void A_folder_with_the_run_of_another_trial_is_not_changed()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse("space: { objective.beta: [1, 4] }");
        SweepJournal.Create(sweep, folder["sweep"], TimeProvider.System).Dispose();
        var plan = new TrialPlan(sweep);
        string wrong = folder["sweep", "trials", plan.At(0, []).FolderName];
        Directory.CreateDirectory(wrong);
        string text = RunFile.Write(plan.At(1, []).RunSpec(sweep));
        File.WriteAllText(Path.Combine(wrong, "run.yaml"), text);
        SweepSummary summary = Drive(folder, sweep);
        Assert.Equal([TrialStatus.Failed, TrialStatus.Finished], summary.Trials.Select(trial => trial.Status));
        Assert.Contains("not the run of this trial", summary.Trials[0].Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Path.Combine(wrong, "run.yaml")));
    }

    [Fact]
    public void Seeds_of_one_setting_are_compared()
    {
        using var folder = new TemporaryFolder();
        SweepSummary summary = Drive(folder, SweepTexts.Parse("scores: [udr]\nseeds: [1, 2]\nspace: { objective.beta: [1] }"));
        Assert.All(summary.Trials, trial => Assert.InRange(trial.Scores["udr"], 0, 1));
    }

    [Fact]
    public void A_trial_that_does_not_fit_its_data_is_rejected_before_the_sweep_starts()
    {
        var runner = new InProcessTrials(() => new ManagedEngine(), threads: 2);
        SweepSpec sweep = SweepTexts.Parse("space: { training.batch: [16, 4096] }");
        BadInputException fault = Assert.Throws<BadInputException>(() => SweepStart.Check(sweep, "sweep.yaml", runner));
        Assert.Contains("sweep.yaml, trial 1 (batch 4096, seed 1)", fault.Message, StringComparison.Ordinal);

        // MIG needs two varying factors.
        sweep = SweepTexts.Parse(
            "objective: mig\nspace: { objective.beta: [1] }", "data.strides={ shape: 3, scale: 6, orientation: 40, y: 32 }");
        fault = Assert.Throws<BadInputException>(() => SweepStart.Check(sweep, "sweep.yaml", runner));
        Assert.Contains("the score mig needs a dataset with at least two varying factors", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_held_out_data_trials_are_stopped_and_scored_on_training_data()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse(
            "search: { kind: grid, order: listed }\nstop: { kind: asha, grace: 1, reduction: 2 }\n" +
            "space: { training.learningRate: [0.01, 0.000001] }", "data.validation=0");
        SweepSummary summary = Drive(folder, sweep);
        Assert.Equal([TrialStatus.Finished, TrialStatus.StoppedEarly], summary.Trials.Select(trial => trial.Status));
        Assert.Null(summary.Trials[0].Result!.Test);
        Assert.True(double.IsFinite(summary.Trials[0].Scores["elbo"]));
    }

    private static SweepSummary Drive(TemporaryFolder folder, SweepSpec sweep, ISweepObserver? observer = null)
    {
        bool isNew = !new SweepFolder(folder["sweep"]).Exists;
        using SweepJournal journal = isNew
            ? SweepJournal.Create(sweep, folder["sweep"], TimeProvider.System)
            : SweepJournal.Open(folder["sweep"], TimeProvider.System);
        var runner = new InProcessTrials(() => new ManagedEngine(), threads: 2);
        return new SweepDriver(journal, runner, new SweepDriverOptions { Observer = observer, Time = new ManualTime() })
            .RunAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private sealed class Notices : ISweepObserver
    {
        internal List<string> Lines { get; } = [];

        public void OnBegun(Trial trial, TrialRecord record)
        {
        }

        public void OnMeasured(TrialRecord record)
        {
        }

        public void OnEnded(TrialRecord record)
        {
        }

        public void OnNotice(string message)
        {
            lock (Lines) Lines.Add(message);
        }
    }
}
