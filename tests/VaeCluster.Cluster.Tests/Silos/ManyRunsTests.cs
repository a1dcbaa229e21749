using System.Text.Json;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Many runs share the silos.</summary>
[Trait("Duration", "long")]
public sealed class ManyRunsTests
{
    private const int Runs = 20, Epochs = 5;

    [Fact]
    public async Task Twenty_simultaneous_runs_finish_and_none_starves()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        for (int silo = 0; silo < 3; silo++) await cluster.AddAsync();
        string[] runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => cluster.SubmitAsync(SmallRun.Text(Epochs))));

        // No run has finished twice the work that another has begun: the devices take turns between the runs.
        JsonElement[] half = await Task.WhenAll(runs.Select(run => cluster.StepAsync(run, Epochs * SmallRun.StepsPerEpoch / 10)));
        Assert.All(half, run => Assert.True(run.GetProperty("step").GetInt32() > 0));
        string[] weights = await Task.WhenAll(runs.Select(cluster.FinishAsync));
        string expected = await SmallRun.WeightsAsync(Epochs);
        Assert.All(weights, sha => Assert.Equal(expected, sha));
    }
}
