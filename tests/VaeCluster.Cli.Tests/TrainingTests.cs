using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public sealed class TrainingTests(TrainedFolder trained) : IClassFixture<TrainedFolder>
{
    [Fact]
    public void Training_writes_the_contracts_files_and_says_where()
    {
        Assert.True(trained.Training.Code == 0, trained.Training.Error);
        foreach (string file in (string[])["run.yaml", "metrics.jsonl", "report.html", "result.json"])
            Assert.True(File.Exists(Path.Combine(trained.Run, file)), file);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(trained.Run, "checkpoints"), "step-*"));
        Assert.Contains("report.html", trained.Training.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 3/3 done", trained.Training.Output, StringComparison.Ordinal);
        Assert.Contains("validation  ELBO", trained.Training.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_stands_alone_and_shows_the_run()
    {
        string page = File.ReadAllText(Path.Combine(trained.Run, "report.html"));
        foreach (string part in (string[])["Validation ELBO", "Latent traversals", "Manifold", Property(trained.Run, "weightsSha256")])
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_workers_gives_the_same_weights()
    {
        string other = trained["one-worker"];
        Terminal result = await Terminal.RunAsync("train", trained.RunFile, "--out", other, "--workers", "1", "--threads", "1");
        Assert.Equal(0, result.Code);
        Assert.Equal(Property(trained.Run, "weightsSha256"), Property(other, "weightsSha256"));
    }

    [Fact]
    public async Task An_override_changes_the_run_and_stands_in_the_resolved_file()
    {
        string other = trained["override"];
        Terminal result = await Terminal.RunAsync("train", trained.RunFile, "--out", other, "--set", "training.epochs=1", "--set",
            "objective.beta=4");
        Assert.Equal(0, result.Code);
        Assert.Equal("1", Property(other, "epochs"));
        Assert.Contains("beta: 4", await File.ReadAllTextAsync(Path.Combine(other, "run.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_a_run_is_refused_unless_forced()
    {
        string other = trained["twice"];
        string[] line = ["train", trained.RunFile, "--out", other, "--set", "training.epochs=1"];
        Assert.Equal(0, (await Terminal.RunAsync(line)).Code);
        Terminal refused = await Terminal.RunAsync(line);
        Assert.Equal(2, refused.Code);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Terminal.RunAsync([.. line, "--force"])).Code);
    }

    [Fact]
    public async Task A_wrong_field_writes_nothing()
    {
        string other = trained["wrong"];
        Terminal result = await Terminal.RunAsync("train", trained.RunFile, "--out", other, "--set", "training.epoch=1");
        Assert.Equal(2, result.Code);
        Assert.Contains("epochs", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(other));
    }

    [Fact]
    public async Task A_stopped_run_goes_on_to_the_same_weights()
    {
        string other = trained["stopped"];
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        Terminal stopped = await Terminal.RunAsync(stop.Token, "train", trained.RunFile, "--out", other);
        Assert.Equal(130, stopped.Code);
        Assert.Contains("vaecluster resume", stopped.Error, StringComparison.Ordinal);
        Terminal resumed = await Terminal.RunAsync("resume", other, "--workers", "2");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(Property(trained.Run, "weightsSha256"), Property(other, "weightsSha256"));
    }

    [Fact]
    public async Task Resuming_a_finished_run_changes_nothing()
    {
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(trained.Run, "result.json"));
        Terminal result = await Terminal.RunAsync("resume", trained.Run);
        Assert.Equal(0, result.Code);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(trained.Run, "result.json")));
    }

    private static string Property(string run, string name)
    {
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json")));
        return result.RootElement.GetProperty(name).ToString();
    }
}
