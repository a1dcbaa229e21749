using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Silos with a database.</summary>
[Collection(PostgresServer.Shared)]
[Trait("Duration", "long")]
public sealed class DatabaseClusterTests(PostgresServer server)
{
    [RequiresFact(Requirement.Postgres)]
    public async Task Two_silos_train_a_run_to_the_weights_of_train()
    {
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        await cluster.AddAsync();
        await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 30));
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 30), await cluster.FinishAsync(run));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_server_and_two_workers_survive_the_death_of_a_worker()
    {
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        await cluster.AddAsync("--role", "server");
        await cluster.AddAsync("--role", "worker");
        SiloProcess second = await cluster.AddAsync("--role", "worker", "--devices", "cpu:0,cpu:1");
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 60));
        await cluster.StepAsync(run, 100);
        second.Kill();
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 60), await cluster.FinishAsync(run));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Submissions_with_one_key_to_all_silos_at_once_make_one_run()
    {
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        await OneKey.CheckAsync(cluster);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Either_of_two_silos_may_be_killed()
    {
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        SiloProcess first = await cluster.AddAsync(), second = await cluster.AddAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 60));
        await cluster.StepAsync(run, 100);
        first.Kill();
        await cluster.StepAsync(run, 400);
        await cluster.AddAsync();
        await cluster.StepAsync(run, 700);
        second.Kill();
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 60), await cluster.FinishAsync(run));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_worker_answers_only_health_checks_and_is_not_ready_without_the_database()
    {
        using var own = new PostgresServer();
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(own);
        SiloProcess worker = await cluster.AddAsync("--role", "worker");
        Assert.Equal((System.Net.HttpStatusCode.OK, "live\n"), await cluster.GetAsync(worker, "health/live"));
        Assert.Equal((System.Net.HttpStatusCode.OK, "ready\n"), await cluster.GetAsync(worker, "health/ready"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await cluster.GetAsync(worker, "api/v1/runs")).Status);
        own.Stop();
        (System.Net.HttpStatusCode status, string text) = await cluster.GetAsync(worker, "health/ready");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("database", text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await cluster.GetAsync(worker, "health/live")).Status);
        own.Start();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await cluster.GetAsync(worker, "health/ready")).Status);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_database_that_is_down_empty_or_used_by_another_cluster_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string database = await server.CreateDatabaseAsync();
        (await SiloProcess.RunAsync(folder.Path, "--database", database)).Refused("has not been migrated: run `vaecluster-silo migrate`");
        (await SiloProcess.RunAsync(folder.Path, "migrate", "--database", database)).Succeeded();
        string nobody = $"Host=127.0.0.1;Port={TcpPorts.Unused()};Database=none;Username=x;Password=secret";
        ProgramResult away = (await SiloProcess.RunAsync(folder.Path, "--database", nobody)).Refused("--database", "cannot be used");
        Assert.DoesNotContain("secret", away.Error, StringComparison.Ordinal);

        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        SiloProcess silo = await cluster.AddAsync("--cluster-id", "one");
        ProgramResult other = await cluster.Add("--cluster-id", "two").EndAsync();
        other.Refused("--cluster-id", "'two'", "the id 'one', whose silos already use this database");
        Assert.False(silo.HasExited);
    }
}
