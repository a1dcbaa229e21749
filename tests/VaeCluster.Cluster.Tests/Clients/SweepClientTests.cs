using System.Text.Json;
using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cluster.Tests.Clients;

/// <summary>Sweeps through the client.</summary>
[Trait("Duration", "long")]
public sealed class SweepClientTests
{
    private const string Four = "search.trials=4";

    private static readonly string Text = SmallSweep.Text + "search: { kind: grid }\n";

    [Fact]
    public async Task A_program_submits_a_sweep_and_follows_it_to_its_end()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster);
        ISweepService sweeps = client.Sweeps;
        SweepInfo sweep = await sweeps.SubmitAsync(
            new SweepSubmission
            {
                SweepFile = Text,
                FileName = "grid.yaml",
                Folder = cluster.Folder.Path,
                Overrides = [Four],
            },
            default);
        Assert.Equal(("grid", 4, 3), (sweep.Name, sweep.TotalTrials, sweep.Parallel));
        List<SweepEvent> lines = await FollowAsync(sweeps, sweep.Id, after: 0);
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(line => (long)line), lines.Select(line => line.Position));
        Assert.Equal(LogLine.Finish, lines[^1].Kind);
        Assert.Equal([0, 1, 2, 3], lines.Where(line => line.Kind == LogLine.End).Select(line =>
            JsonSerializer.Deserialize<LogLine>(line.Json.Span, SweepJson.Line)!.Trial!.Value).Order());

        // A follower can continue after any line, and the log has the lines of the file.
        string[] log = await File.ReadAllLinesAsync(cluster.Folder["runs", sweep.Id, "sweep.jsonl"]);
        foreach (int cut in new[] { 1, lines.Count / 2, lines.Count })
        {
            List<SweepEvent> rest = await FollowAsync(sweeps, sweep.Id, cut);
            Assert.Equal(log[cut..], rest.Select(line => System.Text.Encoding.UTF8.GetString(line.Json.Span)));
        }

        SweepInfo end = await sweeps.ShowAsync(sweep.Id, default);
        Assert.True(end.State == SweepState.Finished, $"{end}{cluster.Words()}");
        SweepSummary table = end.Summary!;
        Assert.Equal(await SmallSweep.WeightsAsync(Text, Four), table.Trials.Select(trial => trial.WeightsSha256));
        Assert.Equal(table.Best, end.Best!.Index);
        Assert.Contains(table.Best!.Value, table.Front);
        await using Stream? summary = await sweeps.OpenAsync(sweep.Id, SweepArtifact.Summary, default);
        Assert.Equal(table.Front, (await JsonSerializer.DeserializeAsync<SweepSummary>(summary!, SweepJson.File))!.Front);
        await using Stream? report = await sweeps.OpenAsync(sweep.Id, SweepArtifact.Report, default);
        using var reader = new StreamReader(report!);
        Assert.Contains("</html>", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(sweep.Id, Assert.Single((await sweeps.ListAsync(10, null, default)).Sweeps).Id);
    }

    [Fact]
    public async Task A_program_pauses_changes_resumes_and_cancels_a_sweep()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster);
        ISweepService sweeps = client.Sweeps;
        string id = (await sweeps.SubmitAsync(new SweepSubmission
        {
            SweepFile = Text,
            Overrides = [Four, "training.epochs=500"],
        }, default)).Id;
        Assert.Null(await sweeps.OpenAsync(id, SweepArtifact.Report, default));
        await BegunAsync(sweeps, id, after: 0);
        await sweeps.PauseAsync(id, default);
        long last = (await FollowAsync(sweeps, id, after: 0))[^1].Position;
        SweepInfo paused = await sweeps.ShowAsync(id, default);
        Assert.Equal((SweepState.Paused, 0), (paused.State, paused.Finished));
        Assert.Equal(1, (await sweeps.ChangeAsync(id, ["parallel=1"], default)).Parallel);

        await sweeps.ResumeAsync(id, default);
        await BegunAsync(sweeps, id, last);
        RunRefusedException busy = await Assert.ThrowsAsync<RunRefusedException>(() => sweeps.ResumeAsync(id, default));
        Assert.Equal(RunRefusal.Conflict, busy.Reason);
        await sweeps.CancelAsync(id, default);
        await FollowAsync(sweeps, id, last);
        Assert.Equal(SweepState.Stopped, (await sweeps.ShowAsync(id, default)).State);
    }

    [Fact]
    public async Task An_invalid_sweep_file_is_refused_with_its_line_and_an_unknown_sweep_with_its_id()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster);
        ISweepService sweeps = client.Sweeps;
        string[] lines = Text.Split('\n');
        int line = 1 + Array.FindIndex(lines, text => text.Contains("model.latent", StringComparison.Ordinal));
        var bad = new SweepSubmission
        {
            SweepFile = Text.Replace("model.latent:", "model.latnt:", StringComparison.Ordinal),
            FileName = "grid.yaml",
        };
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => sweeps.SubmitAsync(bad, default));
        Assert.Contains($"grid.yaml:{line}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.latnt", fault.Message, StringComparison.Ordinal);
        Assert.Empty((await sweeps.ListAsync(10, null, default)).Sweeps);

        Func<Task>[] calls =
        [
            () => sweeps.ShowAsync("001-none", default),
            () => sweeps.PauseAsync("001-none", default),
            () => sweeps.ResumeAsync("001-none", default),
            () => sweeps.CancelAsync("001-none", default),
            () => sweeps.DeleteAsync("001-none", default),
            () => sweeps.ChangeAsync("001-none", ["parallel=1"], default),
            () => sweeps.OpenAsync("001-none", SweepArtifact.Report, default),
            () => FollowAsync(sweeps, "001-none", after: 0),
        ];
        foreach (Func<Task> call in calls)
        {
            RunRefusedException none = await Assert.ThrowsAsync<RunRefusedException>(call);
            Assert.Equal(RunRefusal.NotFound, none.Reason);
            Assert.Contains("001-none", none.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<List<SweepEvent>> FollowAsync(ISweepService sweeps, string id, long after)
    {
        var lines = new List<SweepEvent>();
        await foreach (SweepEvent line in sweeps.FollowAsync(id, after, default)) lines.Add(line);
        return lines;
    }

    private static async Task BegunAsync(ISweepService sweeps, string id, long after)
    {
        await foreach (SweepEvent line in sweeps.FollowAsync(id, after, default))
            if (line.Kind == LogLine.Begin) return;
    }

    private static Task<ClusterClient> ConnectAsync(SiloCluster cluster) => ClusterClient.ConnectAsync(new ClusterClientOptions
    {
        Gateways = [$"127.0.0.1:{cluster.Gateways[0]}"],
        Secret = cluster.Secret,
        ConnectTimeout = TimeSpan.FromSeconds(15),
    });
}
