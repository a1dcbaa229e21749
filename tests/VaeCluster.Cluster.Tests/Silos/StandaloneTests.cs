using System.Text.Json;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>The silos of one machine, without a database.</summary>
[Collection(PostgresServer.Shared)]
public sealed class StandaloneTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("cpu:0,cpu:1")]
    public async Task One_silo_trains_a_submitted_run_to_the_weights_of_train(string? devices)
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync(devices is null ? [] : ["--devices", devices]);
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 3));
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 3), await cluster.FinishAsync(run));
        Assert.DoesNotContain("has not completed", silo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_silos_find_each_other_by_their_folder_of_runs_and_share_a_run()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync("--devices", "cpu:0,cpu:1");
        SiloProcess second = await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 30));
        await cluster.StepAsync(run, 100);
        if (OperatingSystem.IsLinux())
        {
            // The other silo's memory and its own, which no other process can open any more.
            Assert.All([first, second], silo => Assert.Equal(2, silo.SharedMemories.Count));
            Assert.Equal(first.SharedMemories.Order(), second.SharedMemories.Order());
        }

        Assert.Equal(await SmallRun.WeightsAsync(epochs: 30), await cluster.FinishAsync(run));
        Assert.Equal(600, Steps(cluster, run).Length);
        Assert.False(first.HasExited);
    }

    [Fact]
    public async Task Batch_coupling_works_across_silos_and_a_dying_silo_does_not_change_the_weights()
    {
        using var cluster = SiloCluster.Standalone();
        await cluster.AddAsync("--devices", "cpu:0,cpu:1");
        SiloProcess worker = await cluster.AddAsync("--role", "worker");
        string run = await cluster.SubmitAsync(SmallRun.Coupled(epochs: 20));
        await cluster.StepAsync(run, 60);
        worker.Kill();
        Assert.Equal(await SmallRun.WeightsAsync(SmallRun.Coupled(epochs: 20)), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, 400), Steps(cluster, run));
    }

    [Fact]
    public async Task A_killed_and_restarted_silo_continues_by_itself_to_the_same_weights()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 30));
        await cluster.StepAsync(run, 100);
        first.Kill();
        await cluster.AddAsync();
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 30), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, 600), Steps(cluster, run));
    }

    [RequiresFact(Requirement.PosixShell)]
    public async Task A_lone_silo_that_leaves_writes_a_checkpoint_at_once_and_its_successor_continues()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 30));
        await cluster.StepAsync(run, 60);
        first.Terminate();
        ProgramResult end = (await first.EndAsync()).Succeeded();
        Assert.DoesNotContain("leaving", end.Output, StringComparison.Ordinal);
        Assert.Contains("left the cluster", end.Output, StringComparison.Ordinal);
        int last = Steps(cluster, run)[^1];
        Assert.True(last < 600, "it was told to leave before the end");
        string[] checkpoints = Directory.GetDirectories(cluster.Folder["runs", run, "checkpoints"], $"step-{last:D8}-*");
        Assert.True(checkpoints.Length == 1, "a checkpoint at the last step");
        await cluster.AddAsync();
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 30), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, 600), Steps(cluster, run));
    }

    [RequiresFact(Requirement.PosixShell)]
    public async Task Work_moves_away_from_a_leaving_silo()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync();
        await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 60));
        await cluster.StepAsync(run, 60);
        first.Terminate();
        ProgramResult end = (await first.EndAsync()).Succeeded();
        Assert.Contains("leaving", end.Output, StringComparison.Ordinal);
        Assert.False(end.Error.Contains("work is still here", StringComparison.Ordinal), cluster.Words());
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 60), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, 1200), Steps(cluster, run));
    }

    [RequiresFact(Requirement.PosixShell)]
    public async Task A_silo_that_wakes_up_after_being_declared_dead_exits_and_the_run_continues_without_it()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync(), second = await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 60));
        await cluster.StepAsync(run, 60);
        second.Suspend();
        string members = cluster.Folder["runs", ".silos.json"];
        Assert.True(SpinWait.SpinUntil(() => Members(members) is [_, "Dead"], TimeSpan.FromMinutes(1)), cluster.Words());
        second.Resume();
        Assert.Equal(137, (await second.EndAsync()).ExitCode);
        Assert.Contains("error: this silo ends at once", second.Error, StringComparison.Ordinal);
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 60), await cluster.FinishAsync(run));
        Assert.False(first.HasExited);
    }

    private static string[] Members(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("silos").EnumerateArray().Select(silo => silo.GetProperty("status").GetString()!)];
    }

    private static int[] Steps(SiloCluster cluster, string run) =>
    [
        .. File.ReadLines(cluster.Folder["runs", run, "metrics.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("kind").GetString() == "step")
            .Select(line => line.GetProperty("step").GetInt32()),
    ];
}
