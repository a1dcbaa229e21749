namespace VaeCluster.EndToEnd.Tests;

/// <summary>What a user does with a run afterwards: resumes it on changed data, adds epochs, starts from its weights.</summary>
public sealed class GoingOnTests
{
    [Fact]
    public void Replaced_data_are_refused_by_resume_and_noted_by_evaluate_and_encode()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "run").Succeeded();
        File.Delete(folder["run", "result.json"]);
        SmallData.WriteIdx(folder["images.idx"], 470);
        string metrics = File.ReadAllText(folder["run", "metrics.jsonl"]);
        string[] checkpoints = Directory.GetDirectories(folder["run", "checkpoints"]);

        ProcessResult resumed = VaeClusterProcess.Run(folder.Path, "resume", "run");
        Assert.Equal(2, resumed.ExitCode);
        Assert.Contains("the training data were 480 images of 12×12 (fingerprint ", resumed.Error, StringComparison.Ordinal);
        Assert.Contains("and are now 470 images of 12×12", resumed.Error, StringComparison.Ordinal);
        Assert.Single(resumed.Error.TrimEnd().Split('\n'));
        Assert.Equal(metrics, File.ReadAllText(folder["run", "metrics.jsonl"]));
        Assert.Equal(checkpoints, Directory.GetDirectories(folder["run", "checkpoints"]));

        foreach (string verb in new[] { "evaluate", "encode" })
        {
            ProcessResult noted = VaeClusterProcess.Run(folder.Path, verb, "run").Succeeded();
            Assert.Contains("not the data that the run was trained on", noted.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_epochs_and_a_new_run_from_the_weights_end_in_the_bits_that_they_should()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "short").Succeeded();
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "long", "--set", "training.epochs=4").Succeeded();
        VaeClusterProcess.Run(folder.Path, "resume", "short", "--epochs", "4").Succeeded();
        Assert.Equal(RunFiles.Sha256(folder["long"]), RunFiles.Sha256(folder["short"]));

        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--from", "short", "--out", "next").Succeeded();
        Assert.Contains("\"run\": \"short\"", File.ReadAllText(folder["next", "origin.json"]), StringComparison.Ordinal);
        Assert.Contains("from short, step 52", File.ReadAllText(folder["next", "report.html"]), StringComparison.Ordinal);

        ProcessResult refused = VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--from", "short@3", "--out", "no");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--from is 'short@3': @best, or the step of a checkpoint: ", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["no"]));
    }

    [Fact]
    public void A_run_that_skips_a_whole_epoch_fails_and_says_so_at_the_first_step()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 3);
        ProcessResult result = VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "run",
            "--set", "training.learningRate=100000", "--set", "training.nonFinite=skip", "--set", "training.clipNorm=1000000000",
            "--set", "training.optimizer=sgd");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the step is skipped (training.nonFinite: skip)", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("13 steps of epoch", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run", "result.json"]));
    }

    [Fact]
    public void Weights_that_do_not_evaluate_fail_the_run_and_every_evaluation_of_it()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 1, likelihood: "gaussian");

        // One step of finite gradients, to weights that overflow.
        ProcessResult trained = VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "run",
            "--set", "training.learningRate=1000000", "--set", "training.batch=432");
        Assert.Equal(1, trained.ExitCode);
        Assert.False(File.Exists(folder["run", "result.json"]));

        ProcessResult evaluated = VaeClusterProcess.Run(folder.Path, "evaluate", "run");
        Assert.Equal(1, evaluated.ExitCode);
        Assert.Contains("error: the ELBO is not finite: training has diverged; ", evaluated.Error, StringComparison.Ordinal);
    }
}
