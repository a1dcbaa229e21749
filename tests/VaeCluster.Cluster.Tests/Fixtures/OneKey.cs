using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Submissions with one key that reach all silos of a cluster at once.</summary>
internal static class OneKey
{
    private const int Submissions = 20, Silos = 3;

    /// <summary>They make one run, which ends with the weights of `train`.</summary>
    internal static async Task CheckAsync(SiloCluster cluster)
    {
        var silos = new List<SiloProcess>();
        for (int i = 0; i < Silos; i++) silos.Add(await cluster.AddAsync());
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var body = new { runFile = SmallRun.Text(epochs: 5), key = "nightly" };
        string[] ids = await Task.WhenAll(
            Enumerable.Range(0, Submissions).Select(i => Task.Run(() => SubmitAsync(http, silos[i % Silos], body))));
        string id = Assert.Single(ids.Distinct());
        string[] folders = [.. Directory.GetDirectories(cluster.Folder["runs"]).Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith('.'))];
        Assert.Equal([id], folders);
        using HttpResponseMessage other = await http.PostAsJsonAsync(new Uri(silos[1].Address, "/api/v1/runs"),
            body with { runFile = SmallRun.Text(epochs: 6) });
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 5), await cluster.FinishAsync(id));
    }

    private static async Task<string> SubmitAsync<T>(HttpClient http, SiloProcess silo, T body)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri(silo.Address, "/api/v1/runs"), body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {text}");
        using JsonDocument run = JsonDocument.Parse(text);
        return run.RootElement.GetProperty("id").GetString()!;
    }
}
