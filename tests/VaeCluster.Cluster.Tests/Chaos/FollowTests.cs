using System.Globalization;
using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Training.Metrics;

namespace VaeCluster.Cluster.Tests.Chaos;

/// <summary>A follower sees every step once and in order while the database is down, even if its connection is cut meanwhile.</summary>
[Trait("Duration", "long")]
public sealed class FollowTests
{
    private const int Epochs = 60, Steps = Epochs * SmallRun.StepsPerEpoch;

    [RequiresFact(Requirement.Postgres)]
    public async Task Every_step_is_seen_once_and_in_order_while_the_database_is_down()
    {
        using var database = new PostgresServer();
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(database);
        SiloProcess silo = await cluster.AddAsync();
        await using ClusterClient client = await ClusterClient.ConnectAsync(new ClusterClientOptions
        {
            Gateways = [$"127.0.0.1:{cluster.Gateways[0]}"],
            Secret = cluster.Secret,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        });
        string run = await cluster.SubmitAsync(SmallRun.Text(Epochs));
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Two followers of each kind: one is never cut, the other is cut as soon as it has seen a step from the time without a database.
        Task<List<int>>[] readers =
        [
            ReadEventsAsync(silo, run, new TaskCompletionSource().Task),
            ReadEventsAsync(silo, run, away.Task),
            ReadLinesAsync(client, run, new TaskCompletionSource().Task),
            ReadLinesAsync(client, run, away.Task),
        ];
        await cluster.StepAsync(run, 60);
        database.Stop();
        int now = (await cluster.StepAsync(run, 0)).GetProperty("step").GetInt32();
        await cluster.StepAsync(run, now + 20);
        away.SetResult();
        int then = (await cluster.StepAsync(run, now + 40)).GetProperty("step").GetInt32();
        Assert.InRange(then, now + 40, Steps - 1); // or no part of the run is left for afterwards
        database.Start();
        await cluster.FinishAsync(run);
        foreach (Task<List<int>> reader in readers) Assert.Equal(Enumerable.Range(1, Steps), await reader);
    }

    private static async Task<List<int>> ReadEventsAsync(SiloProcess silo, string run, Task cut)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var steps = new List<int>();
        string? last = null;
        bool wasCut = false;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Address, $"api/v1/runs/{run}/events"));
            if (last is not null) request.Headers.Add("Last-Event-ID", last);
            using HttpResponseMessage answer = (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
                .EnsureSuccessStatusCode();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            string? id = null, kind = null;
            while (true)
            {
                string line = await reader.ReadLineAsync()
                    ?? throw new InvalidDataException("the stream ended without its final event");
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
                if (line.Length > 0) continue;
                if (kind == "end") return steps;
                if (kind == "step") steps.Add(int.Parse(id!.Split('.')[0], CultureInfo.InvariantCulture));
                last = id ?? last;
                (id, kind) = (null, null);
                if (wasCut || !cut.IsCompleted) continue;
                wasCut = true;
                break;
            }
        }
    }

    private static async Task<List<int>> ReadLinesAsync(ClusterClient client, string run, Task cut)
    {
        var steps = new List<int>();
        MetricsPosition last = MetricsPosition.Start;
        bool wasCut = false;
        while (true)
        {
            bool isWhole = true;
            await foreach (MetricsLine line in client.Runs.FollowAsync(run, last, default))
            {
                if (line.Kind == "step") steps.Add(line.Position.Step);
                last = line.Position;
                if (wasCut || !cut.IsCompleted) continue;
                isWhole = false;
                wasCut = true;
                break;
            }

            if (isWhole) return steps;
        }
    }
}
