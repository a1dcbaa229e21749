using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Training.Service;

namespace VaeCluster.Cluster.Tests.Clients;

/// <summary>What the README's program does.</summary>
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
    public async Task Refusals_cross_the_wire_with_their_parts()
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
    public async Task Gateways_that_do_not_answer_and_another_clusters_are_refused_in_one_line()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await Assert.ThrowsAsync<BadInputException>(() => ConnectAsync(cluster, "other"));
        var nobody = new ClusterClientOptions
        {
            Gateways = ["127.0.0.1:1"],
            Patience = TimeSpan.FromSeconds(5),
        };
        BadInputException away = await Assert.ThrowsAsync<BadInputException>(() => ClusterClient.ConnectAsync(nobody));
        Assert.Contains("127.0.0.1:1", away.Message, StringComparison.Ordinal);
        BadInputException wrong = await Assert.ThrowsAsync<BadInputException>(() => ClusterClient.ConnectAsync(nobody with { Gateways = ["nowhere"] }));
        Assert.Contains("host:port", wrong.Message, StringComparison.Ordinal);
    }

    private static Task<ClusterClient> ConnectAsync(SiloCluster cluster, string id) => ClusterClient.ConnectAsync(new ClusterClientOptions
    {
        Gateways = [$"127.0.0.1:{cluster.Gateways[0]}"],
        ClusterId = id,
        ServiceId = id,
        Patience = TimeSpan.FromSeconds(15),
    });
}
