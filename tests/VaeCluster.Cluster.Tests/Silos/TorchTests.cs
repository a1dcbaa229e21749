using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Engine.Torch;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Silos that use TorchSharp.</summary>
public sealed class TorchTests
{
    [RequiresFact(Requirement.Libstdcxx)]
    public async Task One_two_and_four_workers_on_one_or_two_silos_end_with_the_same_weights()
    {
        Assert.Null(TorchRuntime.Check());
        string[] torch = ["--engine", "torch"];
        string one = await WeightsAsync(torch);
        Assert.Equal(one, await WeightsAsync([.. torch, "--devices", "cpu:0,cpu:1"]));
        Assert.Equal(one, await WeightsAsync(torch, torch));
        Assert.Equal(one, await WeightsAsync([.. torch, "--devices", "cpu:0,cpu:1"], [.. torch, "--devices", "cpu:0,cpu:1"]));
        Assert.NotEqual(await SmallRun.WeightsAsync(epochs: 5), one);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public async Task A_silo_with_other_arithmetic_gets_no_shards_and_says_why()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        await cluster.AddAsync("--role", "worker", "--engine", "torch");
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 20));
        await cluster.FinishAsync(run);
        string[] notes = [.. (await cluster.ShowAsync(run))!.Value.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
        Assert.Contains(notes, note => note.Contains("gets no shards", StringComparison.Ordinal)
            && note.Contains("--mixed-arithmetic", StringComparison.Ordinal));
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public async Task Device_times_are_in_the_scrape()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync("--engine", "torch");
        await cluster.FinishAsync(await cluster.SubmitAsync(SmallRun.Text(epochs: 1)));
        string[] lines = (await cluster.GetAsync(silo, "metrics")).Text.Split('\n');
        foreach (string phase in (string[])["compute", "copy"])
        {
            Assert.Contains(lines, line => line.StartsWith("vaecluster_device_time_seconds_total{", StringComparison.Ordinal)
                && line.Contains("hw_id=\"cpu:0\"", StringComparison.Ordinal)
                    && line.Contains($"phase=\"{phase}\"", StringComparison.Ordinal));
        }
    }

    private static async Task<string> WeightsAsync(params string[][] silos)
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        foreach (string[] silo in silos) await cluster.AddAsync(silo);
        return await cluster.FinishAsync(await cluster.SubmitAsync(SmallRun.Text(epochs: 5)));
    }
}
