using System.Globalization;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Chaos;

/// <summary>
/// P2 with real processes: whatever dies, hangs or is unreachable, the run ends with the weights of a single process and logs every step
/// once. <c>tests/benchmarks/chaos.sh</c> measures how fast it recovers.
/// </summary>
[Trait("Duration", "long")]
public sealed class ChaosTests
{
    private const int Epochs = 100;

    [RequiresFact(Requirement.Postgres)]
    public async Task A_run_survives_failures_of_workers_coordinator_server_database_and_everything_at_once()
    {
        using var database = new PostgresServer();
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(database);
        await StartAllAsync(cluster);
        string run = await cluster.SubmitAsync(SmallRun.Text(Epochs));
        var chance = new Random(7);
        int step = 60;

        await cluster.StepAsync(run, step);
        cluster.Silos[3].Kill(); // a worker
        await cluster.AddAsync("--role", "worker");

        await cluster.StepAsync(run, step += chance.Next(50, 150));
        cluster.Silos[0].Kill(); // each of two servers has a range, and one has the coordinator
        await cluster.AddAsync("--role", "server");

        await GoOnAsync(cluster, run);
        cluster.Silos[1].Kill(); // and the other
        await cluster.AddAsync("--role", "server");

        await GoOnAsync(cluster, run);
        database.Kill();
        await GoOnAsync(cluster, run); // the database is down and training does not wait for it
        database.Start();

        await GoOnAsync(cluster, run);
        foreach (SiloProcess silo in cluster.Silos) silo.Kill();
        database.Kill();
        database.Start();
        await StartAllAsync(cluster); // on new ports

        Assert.Equal(await SmallRun.WeightsAsync(Epochs), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, Epochs * SmallRun.StepsPerEpoch), cluster.LoggedSteps(run));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Silos_that_hang_beyond_their_lease_and_wake_up_change_nothing()
    {
        using var database = new PostgresServer();
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(database);
        await StartAllAsync(cluster);
        string run = await cluster.SubmitAsync(SmallRun.Text(Epochs));
        foreach (int silo in new[] { 2, 0, 1 })
        {
            await GoOnAsync(cluster, run);
            cluster.Silos[silo].Suspend();
            await GoOnAsync(cluster, run); // without it, so its lease has expired
            cluster.Silos[silo].Resume();
            await cluster.AddAsync("--role", silo < 2 ? "server" : "worker");
        }

        Assert.Equal(await SmallRun.WeightsAsync(Epochs), await cluster.FinishAsync(run));
        Assert.Equal(Enumerable.Range(1, Epochs * SmallRun.StepsPerEpoch), cluster.LoggedSteps(run));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_silo_may_join_and_another_leave_with_one_two_or_three_ranges()
    {
        using var database = new PostgresServer();
        for (int ranges = 1; ranges <= 3; ranges++)
        {
            using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(database);
            string[] more = ["--ranges", ranges.ToString(CultureInfo.InvariantCulture)];
            SiloProcess leaves = await cluster.AddAsync(more);
            await cluster.AddAsync(more);
            string run = await cluster.SubmitAsync(SmallRun.Text(Epochs));
            await GoOnAsync(cluster, run);
            await cluster.AddAsync(more);
            await GoOnAsync(cluster, run);
            leaves.Terminate();
            (await leaves.EndAsync()).Succeeded();
            Assert.Equal(await SmallRun.WeightsAsync(Epochs), await cluster.FinishAsync(run));
            Assert.Equal(Enumerable.Range(1, Epochs * SmallRun.StepsPerEpoch), cluster.LoggedSteps(run));
        }
    }

    private static async Task StartAllAsync(SiloCluster cluster)
    {
        SiloProcess[] all = [cluster.Add("--role", "server"), cluster.Add("--role", "server"),
            .. Enumerable.Range(0, 3).Select(_ => cluster.Add("--role", "worker"))];
        foreach (SiloProcess silo in all) await silo.ReadyAsync();
    }

    // A few steps from the current one, which after a rollback may be below the last one seen.
    private static async Task GoOnAsync(SiloCluster cluster, string run)
    {
        int now = (await cluster.StepAsync(run, 0)).GetProperty("step").GetInt32();
        await cluster.StepAsync(run, now + 40);
    }
}
