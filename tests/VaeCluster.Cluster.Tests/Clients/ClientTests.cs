using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;

namespace VaeCluster.Cluster.Tests.Clients;

/// <summary>The client, as the README uses it.</summary>
[Trait("Duration", "long")]
public sealed class ClientTests
{
    [Fact]
    public async Task A_program_submits_a_run_and_follows_it_to_its_end()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster, "vaecluster");
        RunInfo run = await client.Runs.SubmitAsync(new RunSubmission { RunFile = SmallRun.Text(epochs: 5) }, default);
        var steps = new List<int>();
        await foreach (MetricsLine line in client.Runs.FollowAsync(run.Id, MetricsPosition.Start, default))
            if (line.Kind == "step") steps.Add(line.Position.Step);
        Assert.Equal(Enumerable.Range(1, 100), steps);

        await cluster.FinishAsync(run.Id);
        RunInfo end = await client.Runs.ShowAsync(run.Id, default);
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 5), end.Result!.WeightsSha256);
        await using Stream? report = await client.Runs.OpenAsync(run.Id, RunArtifact.Report, default);
        using var reader = new StreamReader(report!);
        Assert.Contains("</html>", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submissions_with_one_key_to_all_silos_at_once_make_one_run()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await OneKey.CheckAsync(cluster);
    }

    [Fact]
    public async Task The_client_offers_what_pages_use_and_metrics_can_be_scraped()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster, "vaecluster");
        IRunService runs = client.Runs;
        string id = (await runs.SubmitAsync(new RunSubmission { RunFile = SmallRun.Text(epochs: 500) }, default)).Id;
        await foreach (MetricsLine line in runs.FollowAsync(id, MetricsPosition.Start, default))
            if (line.Position.Step >= 40) break;

        RunWorkers workers = await runs.WorkersAsync(id, default);
        Assert.All(workers.Workers, worker => Assert.Contains("/cpu:", worker.Name, StringComparison.Ordinal));
        Assert.Contains(workers.Spans, span => span.Worker is not null);
        using var http = new HttpClient();
        string metrics = await http.GetStringAsync(new Uri(silo.Address, "/metrics"));
        Assert.Contains("vaecluster_step_duration_seconds_bucket", metrics, StringComparison.Ordinal);
        Assert.Contains("vaecluster_train_elbo", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(id, metrics, StringComparison.Ordinal);

        await runs.PauseAsync(id, default);
        await foreach (MetricsLine line in runs.FollowAsync(id, MetricsPosition.Start, default)) Assert.NotEmpty(line.Kind);
        RunInfo paused = await runs.ShowAsync(id, default);
        Assert.Equal(RunState.Paused, paused.State);
        Assert.Equal(paused.Step, (await runs.CurveAsync(id, 50, default)).Step);
        RunPicture picture = await runs.DrawAsync(id, new PictureRequest { Kind = PictureKind.Samples }, default);
        Assert.Equal((paused.Step, false), (picture.Step, picture.IsLive));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], picture.Png[..4]);
        Assert.Equal((await runs.InspectAsync(id, default)).Latent, (await runs.EncodeAsync(id, 0, default)).Mean.Count);
        RunCheckpoint newest = (await runs.CheckpointsAsync(id, default))[0];
        await using (Stream file = await runs.OpenCheckpointAsync(id, newest.Name, "model.safetensors", default))
            Assert.Equal(newest.Files["model.safetensors"], file.Length);
        await runs.DeleteAsync(id, default);
        await Assert.ThrowsAsync<RunRefusedException>(() => runs.ShowAsync(id, default));
    }

    [Fact]
    public async Task Refusals_reach_the_client_with_all_their_parts()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await using ClusterClient client = await ConnectAsync(cluster, "vaecluster");
        BadInputException bad = await Assert.ThrowsAsync<BadInputException>(() => client.Runs.SubmitAsync(
            new RunSubmission { RunFile = SmallRun.Text(epochs: 5), Overrides = ["objective.bta=4"] }, default));
        Assert.Contains("beta", bad.Message, StringComparison.Ordinal);
        RunRefusedException none = await Assert.ThrowsAsync<RunRefusedException>(() => client.Runs.ShowAsync("001-none", default));
        Assert.Equal(RunRefusal.NotFound, none.Reason);
    }

    [Fact]
    public async Task Unreachable_gateways_and_those_of_another_cluster_are_reported_in_one_line()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await Assert.ThrowsAsync<BadInputException>(() => ConnectAsync(cluster, "other"));
        var nobody = new ClusterClientOptions
        {
            Gateways = ["127.0.0.1:1"],
            Secret = cluster.Secret,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        BadInputException away = await Assert.ThrowsAsync<BadInputException>(() => ClusterClient.ConnectAsync(nobody));
        Assert.Contains("127.0.0.1:1", away.Message, StringComparison.Ordinal);
        BadInputException wrong = await Assert.ThrowsAsync<BadInputException>(() => ClusterClient.ConnectAsync(nobody with
        {
            Gateways = ["nowhere"],
        }));
        Assert.Contains("host:port", wrong.Message, StringComparison.Ordinal);
    }

    private static Task<ClusterClient> ConnectAsync(SiloCluster cluster, string id) => ClusterClient.ConnectAsync(new ClusterClientOptions
    {
        Gateways = [$"127.0.0.1:{cluster.Gateways[0]}"],
        Secret = cluster.Secret,
        ClusterId = id,
        ServiceId = id,
        ConnectTimeout = TimeSpan.FromSeconds(15),
    });
}
