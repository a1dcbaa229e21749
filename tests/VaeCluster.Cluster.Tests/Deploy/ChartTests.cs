using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>Runs what the containers would run: the published output with the chart's variables, probes and Jobs.</summary>
/// <param name="cluster">The cluster that all of them use.</param>
[Collection(ChartCollection.Name)]
[Trait("Duration", "long")]
public sealed class ChartTests(ChartCluster cluster)
{
    [ChartFact]
    public async Task Silos_form_a_cluster_from_the_variables_of_the_chart_and_their_probes_answer()
    {
        await cluster.InstallAsync();
        Assert.Equal(4, cluster.Silos.Count);
        foreach (ChartCluster.Silo silo in cluster.Silos)
        {
            foreach (string probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
                Assert.Equal(HttpStatusCode.OK, await cluster.ProbeAsync(silo, probe));
            Assert.Contains($"{silo.Name} of cluster chart", silo.Process.Output, StringComparison.Ordinal);
        }
    }

    [ChartFact]
    public async Task The_image_has_no_libtorch_and_its_doctor_reports_that_the_managed_engine_is_fine()
    {
        Assert.Empty(Directory.EnumerateFiles(cluster.Image.App, "libtorch*", SearchOption.AllDirectories));
        using var folder = new TemporaryFolder();
        ProgramResult doctor =
            (await ProgramProcess.RunAsync(Path.Combine(cluster.Image.App, "silo", "vaecluster-silo.dll"), folder.Path, "doctor"))
            .Succeeded();
        Assert.Contains("ok    managed", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("--    libtorch     lib", doctor.Output, StringComparison.Ordinal);
    }

    [ChartFact]
    public async Task The_Job_submits_a_run_that_finishes_and_a_retry_finds_it()
    {
        await cluster.InstallAsync();
        Manifest job = cluster.Manifests.Single(manifest => manifest.Kind == "Job"
            && manifest.Name.Contains("-run-small-", StringComparison.Ordinal));
        ProgramResult first = (await cluster.RunJobAsync(job)).Succeeded();
        Assert.Contains("submitted 0", first.Output, StringComparison.Ordinal);
        Assert.Contains("finished after 80 steps", first.Output, StringComparison.Ordinal);
        string id = first.Output.Split('\n')[0].Split(' ')[1].Trim();
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 4), (await cluster.ShowAsync(id))!.Text("result.weightsSha256"));

        ProgramResult second = (await cluster.RunJobAsync(job)).Succeeded();
        Assert.StartsWith($"{id} was already submitted", second.Output, StringComparison.Ordinal);
        Assert.Contains("finished after 80 steps", second.Output, StringComparison.Ordinal);
    }

    [ChartFact]
    public async Task The_tests_of_helm_test_pass()
    {
        await cluster.InstallAsync();
        Manifest[] tests = [.. cluster.Manifests.Where(manifest => manifest.Kind == "Pod" && manifest.Hooks == "test")];
        Assert.Equal(2, tests.Length);
        foreach (Manifest test in tests) (await cluster.RunJobAsync(test)).Succeeded();
    }

    [ChartFact]
    public async Task A_rolling_restart_of_every_silo_loses_no_step()
    {
        const int Epochs = 100;
        await cluster.InstallAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(Epochs));
        await cluster.UntilAsync(run, state => Step(state) >= 60);
        using var done = new CancellationTokenSource();
        Task<List<int>> watched = WatchAsync(run, done.Token);
        foreach (ChartCluster.Silo silo in cluster.Silos.ToArray())
        {
            await cluster.ReplaceAsync(silo);
            int now = Step(await cluster.UntilAsync(run, _ => true));
            await cluster.UntilAsync(run, state => Step(state) >= now + 20 || IsOver(state));
        }

        JsonNode end = await cluster.UntilAsync(run, IsOver);
        await done.CancelAsync();
        Assert.True(end.Text("state") == "finished", end.ToJsonString() + cluster.Words());
        Assert.Equal(await SmallRun.WeightsAsync(Epochs), end.Text("result.weightsSha256"));

        // An observer never sees the step decrease, and every step is logged once.
        List<int> seen = await watched;
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Distinct().Count() > 50, "it was watched");
        int[] logged =
        [
            .. File.ReadLines(cluster.Folder["runs", run, "metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("step").GetInt32()),
        ];
        Assert.Equal(Enumerable.Range(1, Epochs * SmallRun.StepsPerEpoch), logged);
    }

    private async Task<List<int>> WatchAsync(string run, CancellationToken done)
    {
        var steps = new List<int>();
        while (!done.IsCancellationRequested)
        {
            if (await cluster.ShowAsync(run) is { } state) steps.Add(Step(state));
            await Task.Delay(10, CancellationToken.None);
        }

        return steps;
    }

    private static int Step(JsonNode run) => run["step"]!.GetValue<int>();

    private static bool IsOver(JsonNode run) => run.Text("state") is "finished" or "failed" or "stopped";
}
