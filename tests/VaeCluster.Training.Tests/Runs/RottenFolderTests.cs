using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>Run folders that somebody or something has damaged: one right line, and nothing more lost.</summary>
public sealed class RottenFolderTests : IClassFixture<TrainingFixture>
{
    private readonly TrainingFixture _fixture;

    public RottenFolderTests(TrainingFixture fixture) => _fixture = fixture;

    [Fact]
    public void A_damaged_line_of_the_metrics_is_told_once_and_the_others_are_kept()
    {
        RunFolder run = Stopped("damaged", afterStep: 12);
        string[] lines = File.ReadAllLines(run.MetricsPath);
        int third = Array.FindIndex(lines, line => line.Contains("\"step\":3,", StringComparison.Ordinal));
        File.WriteAllLines(run.MetricsPath, [.. lines[..third], "{\"\\ud800\":1}", .. lines[(third + 1)..]]);

        var notices = new Notices();
        RunResult result = TrainingRun.PrepareResume(run.Path, TrainingFixture.Options(observer: notices)).Execute();
        Assert.Equal(_fixture.Train("damaged-honest", TrainingFixture.Options()).WeightsSha256, result.WeightsSha256);
        Assert.Contains("1 line could not be read; 1 of 12 steps is missing, the first is step 3", Assert.Single(notices.Told), StringComparison.Ordinal);
        Assert.Equal(14, File.ReadAllLines(run.MetricsPath).Count(line => line.StartsWith("{\"kind\":\"step\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_run_whose_checkpoints_are_gone_says_that_it_begins_again()
    {
        RunFolder run = Stopped("gone", afterStep: 7);
        Directory.Delete(run.CheckpointsPath, recursive: true);
        var notices = new Notices();
        RunResult result = TrainingRun.PrepareResume(run.Path, TrainingFixture.Options(observer: notices)).Execute();
        Assert.Contains("no checkpoint is left to go on from, though metrics.jsonl reaches step 7", Assert.Single(notices.Told), StringComparison.Ordinal);
        Assert.Equal(_fixture.Train("gone-honest", TrainingFixture.Options()).WeightsSha256, result.WeightsSha256);
    }

    [Fact]
    public void A_folder_that_is_removed_while_it_trains_fails_the_run_and_does_not_come_back()
    {
        string folder = _fixture.In("removed");
        var remover = new AtStep(3, () => Remove(folder));
        IOException fault = Assert.ThrowsAny<IOException>(() => _fixture.Train("removed", TrainingFixture.Options(observer: remover)));
        Assert.Contains("was removed while it trained", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    // The run's own threads may write a file while the folder is being emptied; then it is not empty yet.
    private static void Remove(string folder)
    {
        for (int attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < 1000)
            {
                // Once more.
            }
        }
    }

    [Theory]
    [InlineData("generations", false, "is a file, and the run keeps a folder here")]
    [InlineData("checkpoints", false, "is a file, and the run keeps a folder here")]
    [InlineData("metrics.jsonl", true, "is a folder, and the run keeps a file here")]
    [InlineData("run.lock", true, "is a folder, and a file is kept here")]
    public void Something_else_under_the_name_of_a_file_of_the_run_is_named(string name, bool isFolder, string message)
    {
        RunFolder run = Stopped($"kind-{name}", afterStep: 4);
        string path = Path.Combine(run.Path, name);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        File.Delete(path);
        if (isFolder) Directory.CreateDirectory(path);
        else File.WriteAllText(path, "x");
        BadInputException fault = Assert.Throws<BadInputException>(() =>
            TrainingRun.PrepareResume(run.Path, TrainingFixture.Options()).Execute());
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state.json")]
    [InlineData("manifest.json")]
    [InlineData("model.safetensors")]
    public void A_folder_in_place_of_a_file_of_a_checkpoint_costs_that_checkpoint_only(string name)
    {
        RunFolder run = Stopped($"folder-{name}", afterStep: 7);
        string newest = Directory.GetDirectories(run.CheckpointsPath, "step-*").Order().Last();
        File.Delete(Path.Combine(newest, name));
        Directory.CreateDirectory(Path.Combine(newest, name));
        RunResult result = TrainingRun.PrepareResume(run.Path, TrainingFixture.Options()).Execute();
        Assert.Equal(_fixture.Train($"folder-{name}-honest", TrainingFixture.Options()).WeightsSha256, result.WeightsSha256);
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("1000000000")]
    [InlineData("99999999999999")]
    public void A_generation_that_nobody_took_does_not_end_the_run(string name)
    {
        RunFolder run = Stopped($"generation-{name}", afterStep: 4);
        File.WriteAllText(Path.Combine(run.GenerationsPath, name), string.Empty);
        Assert.Equal("finished", TrainingRun.PrepareResume(run.Path, TrainingFixture.Options()).Execute().Status);
    }

    [Fact]
    public void A_checkpoint_under_the_name_of_a_generation_that_nobody_took_is_no_checkpoint()
    {
        Assert.Null(CheckpointInfo.Parse("/runs/a/checkpoints/step-00000004-g2147483647"));
        Assert.Equal(999_999_999, CheckpointInfo.Parse("/runs/a/checkpoints/step-00000004-g999999999")!.Generation);
    }

    [Fact]
    public void A_checkpoint_under_the_name_of_another_step_is_passed_over()
    {
        RunFolder run = Stopped("renamed", afterStep: 7);
        string newest = Directory.GetDirectories(run.CheckpointsPath, "step-*").Order().Last();
        Directory.Move(newest, Path.Combine(run.CheckpointsPath, CheckpointInfo.Name(12, 1)));
        var notices = new Notices();
        RunResult result = TrainingRun.PrepareResume(run.Path, TrainingFixture.Options(observer: notices)).Execute();
        Assert.Equal(_fixture.Train("renamed-honest", TrainingFixture.Options()).WeightsSha256, result.WeightsSha256);
        Assert.Contains(notices.Told, told => told.Contains("its name differs from the manifest", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_process_is_told_that_the_run_is_in_use()
    {
        RunFolder run = Stopped("held", afterStep: 4);
        using var held = new RunLock(run);
        Assert.Contains("in use by another process", Assert.Throws<BadInputException>(() => new RunLock(run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_result_is_named()
    {
        RunFolder run = Stopped("result", afterStep: 4);
        File.WriteAllText(run.ResultPath, "{\"\\ud800\":1}");
        Assert.Contains("result.json: is damaged", Assert.Throws<BadInputException>(() =>
            TrainingRun.PrepareResume(run.Path, TrainingFixture.Options()).Execute()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.hidden=[20000,20000]", "model.hidden is '[20000, 20000]': makes 800,")]
    [InlineData("model.hidden=[4096,4096]", "this machine offers 128 MB")]
    public void A_model_beyond_memory_is_refused_with_its_field(string change, string message)
    {
        RunSpec spec = _fixture.Spec(change);
        BadInputException fault = Assert.Throws<BadInputException>(() =>
            RunMemory.Demand(spec, VaeModel.Create(spec, new ImageShape(1, 4, 4)), available: 128L << 20));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_beyond_memory_is_refused_with_its_field()
    {
        RunSpec spec = _fixture.Spec("training.batch=1073741824 training.shards=1");
        BadInputException fault = Assert.Throws<BadInputException>(() =>
            RunMemory.Demand(spec, VaeModel.Create(spec, new ImageShape(1, 4, 4)), available: long.MaxValue));
        Assert.Contains("training.batch is '1073741824': a shard of 1073741824 examples is too large", fault.Message, StringComparison.Ordinal);
    }

    private RunFolder Stopped(string name, int afterStep)
    {
        using var stop = new CancellationTokenSource();
        var options = TrainingFixture.Options(observer: new AtStep(afterStep, stop.Cancel));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            TrainingRun.Prepare(_fixture.Spec(), _fixture.In(name), force: false, options).Execute(stop.Token));
        return new RunFolder(_fixture.In(name));
    }

    private class Silent : IRunObserver
    {
        public void OnStarted(RunStart start)
        {
        }

        public virtual void OnStep(in StepRecord record)
        {
        }

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnEvaluation(EvaluationRecord record)
        {
        }

        public void OnCheckpoint(int step)
        {
        }

        public virtual void OnNotice(string message)
        {
        }
    }

    private sealed class Notices : Silent
    {
        public List<string> Told { get; } = [];

        public override void OnNotice(string message) => Told.Add(message);
    }

    private sealed class AtStep(int step, Action act) : Silent
    {
        public override void OnStep(in StepRecord record)
        {
            if (record.Step == step) act();
        }
    }
}
