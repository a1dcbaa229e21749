namespace VaeCluster.EndToEnd.Tests;

/// <summary>Promise P1: the same weights to the bit, however the work is divided and however wide the machine's vectors are.</summary>
public sealed class SameWeightsTests : IClassFixture<SameWeightsTests.OneWorker>
{
    private readonly OneWorker _one;

    public SameWeightsTests(OneWorker one) => _one = one;

    /// <summary>The run that the others are compared with: one worker, one thread, one range.</summary>
    public sealed class OneWorker : IDisposable
    {
        public OneWorker()
        {
            SmallData.WriteRun(Folder);
            VaeClusterProcess.Run(Folder.Path, "train", "run.yaml", "--out", "one", "--workers", "1", "--threads", "1").Succeeded();
            Sha256 = RunFiles.Sha256(Folder["one"]);
        }

        public TemporaryFolder Folder { get; } = new();

        public string Sha256 { get; }

        public void Dispose() => Folder.Dispose();
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 1, 3)]
    [InlineData(8, 2, 1)]
    [InlineData(11, 3, 2)]
    public void Any_number_of_workers_threads_and_ranges_gives_the_same_weights(int workers, int threads, int ranges)
    {
        string run = $"w{workers}t{threads}r{ranges}";
        VaeClusterProcess.Run(
            _one.Folder.Path, "train", "run.yaml", "--out", run, "--workers", $"{workers}", "--threads", $"{threads}", "--ranges",
            $"{ranges}").Succeeded();
        Assert.Equal(_one.Sha256, RunFiles.Sha256(_one.Folder[run]));
    }

    [Theory]
    [InlineData("256", "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F")]
    [InlineData("128", "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F", "DOTNET_EnableAVX2", "DOTNET_EnableAVX")]
    [InlineData("none", "DOTNET_EnableHWIntrinsic")]
    public void Every_vector_width_gives_the_same_weights(string width, params string[] switchedOff)
    {
        string run = $"width-{width}";
        VaeClusterProcess.Run(
            _one.Folder.Path, switchedOff.ToDictionary(name => name, _ => "0"), "train", "run.yaml", "--out", run).Succeeded();
        Assert.Equal(_one.Sha256, RunFiles.Sha256(_one.Folder[run]));
    }

    [Fact]
    public void Convolutions_keep_the_promise_too()
    {
        string[] conv = ["--set", "model.architecture=conv", "--set",
            "model.layers=[{channels: 9, kernel: 4}, {channels: 12, kernel: 3, stride: 1}]", "--set", "model.hidden=[40]"];
        string expected = Train("conv-one", [], "--workers", "1", "--threads", "1");
        Assert.NotEqual(_one.Sha256, expected);
        Assert.Equal(expected, Train("conv-three", [], "--workers", "3", "--threads", "2", "--ranges", "2"));
        Assert.Equal(expected, Train("conv-eight", [], "--workers", "8", "--threads", "2"));
        Assert.Equal(expected, Train("conv-256", ["DOTNET_EnableAVX512"], "--workers", "2"));
        Assert.Equal(expected, Train("conv-none", ["DOTNET_EnableHWIntrinsic"], "--workers", "2"));

        string Train(string run, string[] switchedOff, params string[] options)
        {
            VaeClusterProcess.Run(
                _one.Folder.Path, switchedOff.ToDictionary(name => name, _ => "0"),
                ["train", "run.yaml", "--out", run, .. conv, .. options]).Succeeded();
            return RunFiles.Sha256(_one.Folder[run]);
        }
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        VaeClusterProcess.Run(_one.Folder.Path, "train", "run.yaml", "--out", "seed", "--set", "training.seed=6").Succeeded();
        Assert.NotEqual(_one.Sha256, RunFiles.Sha256(_one.Folder["seed"]));
    }

    [Fact]
    public void The_log_has_every_step_once_and_the_result_comes_with_its_files()
    {
        string run = _one.Folder["one"];
        Assert.Equal(Enumerable.Range(1, 26), RunFiles.Steps(run));
        Assert.True(File.Exists(Path.Combine(run, "run.yaml")));
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        string[] checkpoints = [.. Directory.GetDirectories(Path.Combine(run, "checkpoints")).Select(folder => Path.GetFileName(folder)!)];
        Assert.Contains("step-00000026-g1", checkpoints);
        Assert.All(checkpoints, checkpoint => Assert.StartsWith("step-", checkpoint, StringComparison.Ordinal));
        foreach (string file in new[] { "model.safetensors", "optimizer.safetensors", "state.json", "manifest.json" })
            Assert.True(File.Exists(Path.Combine(run, "checkpoints", "step-00000026-g1", file)));
    }
}
