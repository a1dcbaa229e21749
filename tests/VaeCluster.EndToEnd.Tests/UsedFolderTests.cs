namespace VaeCluster.EndToEnd.Tests;

/// <summary>Folders that hold something already: a run, half a run, a run that another process trains.</summary>
public sealed class UsedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UsedFolderTests() => SmallData.WriteRun(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_replaced_only_by_force()
    {
        Train("run").Succeeded();
        string sha256 = RunFiles.Sha256(_folder["run"]);
        File.WriteAllText(_folder["run", "notes.txt"], "the user's own");

        Train("run", "--set", "training.seed=6").Refused("--out", "'run'", "--force");
        Assert.Equal(sha256, RunFiles.Sha256(_folder["run"]));

        Train("run", "--force", "--set", "training.seed=6", "--set", "training.epochs=1").Succeeded();
        Assert.NotEqual(sha256, RunFiles.Sha256(_folder["run"]));
        Assert.Equal(Enumerable.Range(1, 13), RunFiles.Steps(_folder["run"]));
        Assert.False(Directory.Exists(_folder["run", "checkpoints", "step-00000026-g1"]));
        Assert.True(File.Exists(_folder["run", "notes.txt"]));
    }

    [Fact]
    public void A_folder_left_by_a_kill_before_the_run_file_was_written_can_be_trained_in()
    {
        Directory.CreateDirectory(_folder["early"]);
        File.WriteAllText(_folder["early", "run.lock"], string.Empty);
        string half = _folder["early", "run.yaml.0123.tmp"];
        File.WriteAllText(half, "name: ba");
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddDays(-1));

        VaeClusterProcess.Run(_folder.Path, "resume", "early").Refused("early", "holds no run");
        Train("early").Succeeded();
        Assert.False(File.Exists(half));
    }

    [Fact]
    public void A_clearing_cut_short_leaves_a_run_that_resumes_to_the_same_bits()
    {
        Train("run").Succeeded();
        string sha256 = RunFiles.Sha256(_folder["run"]);
        File.Delete(_folder["run", "result.json"]);
        File.Delete(_folder["run", "metrics.jsonl"]);
        foreach (string checkpoint in Directory.GetDirectories(_folder["run", "checkpoints"]))
            File.Delete(Path.Combine(checkpoint, "optimizer.safetensors"));

        Train("run").Refused("--force");
        VaeClusterProcess.Run(_folder.Path, "resume", "run").Succeeded();
        Assert.Equal(sha256, RunFiles.Sha256(_folder["run"]));
        Assert.Equal(Enumerable.Range(1, 26), RunFiles.Steps(_folder["run"]));
    }

    [Fact]
    public void A_run_whose_run_file_was_broken_is_refused_as_it_is()
    {
        Train("run").Succeeded();
        File.WriteAllText(_folder["run", "run.yaml"], "data: { dataset: idx\n");
        VaeClusterProcess.Run(_folder.Path, "resume", "run").Refused("run.yaml", "is not valid YAML");
        Assert.Equal("data: { dataset: idx\n", File.ReadAllText(_folder["run", "run.yaml"]));
    }

    [Fact]
    public void A_second_process_is_kept_out_of_a_run()
    {
        using VaeClusterProcess first = VaeClusterProcess.Start(
            _folder.Path, new Dictionary<string, string>(), "train", "run.yaml", "--out", "run", "--set", "training.epochs=100000");
        while (!first.HasExited && !File.Exists(_folder["run", "metrics.jsonl"])) Thread.Yield();

        VaeClusterProcess.Run(_folder.Path, "resume", "run").Refused("run", "in use by another process");
        Train("run", "--force").Refused("run", "in use by another process");
        Assert.False(first.HasExited);
        Assert.True(File.Exists(_folder["run", "metrics.jsonl"]));
        first.Kill();
    }

    private ProcessResult Train(string run, params string[] more) =>
        VaeClusterProcess.Run(_folder.Path, ["train", "run.yaml", "--out", run, .. more]);
}
