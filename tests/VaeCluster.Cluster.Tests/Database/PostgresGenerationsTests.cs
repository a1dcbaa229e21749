using System.Collections.Concurrent;
using Npgsql;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Database;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Cluster.Tests.Database;

[Collection(PostgresServer.Shared)]
public sealed class PostgresGenerationsTests(PostgresServer server) : IAsyncLifetime
{
    private NpgsqlDataSource? _database;

    private NpgsqlDataSource Database => _database!;

    public async Task InitializeAsync()
    {
        if (Requirements.Find(Requirement.Postgres) is null) return;
        string database = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(database, _ => { }, default);
        _database = NpgsqlDataSource.Create(database);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    [RequiresFact(Requirement.Postgres)]
    public void Generations_count_up_and_exceed_the_newest_checkpoint()
    {
        PostgresGenerations generations = Of("001-a");
        Assert.Equal(1, generations.Take(0));
        Assert.Equal(2, generations.Take(1));
        Assert.Equal(8, generations.Take(7));
        Assert.Equal(9, Of("001-a").Take(3));
        Assert.Equal(5, Of("002-b").Take(4));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Two_simultaneous_first_takers_get_different_generations()
    {
        for (int trial = 0; trial < 100; trial++)
        {
            string run = $"{trial:000}-first";
            using var start = new Barrier(2);
            int[] taken = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => OnThread(() =>
            {
                start.SignalAndWait();
                return Of(run).Take(0);
            })));
            Assert.Equal([1, 2], taken.Order());
        }
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Generations_of_600_takers_are_unique_and_ascend_for_each_taker()
    {
        const int Takers = 12;
        const int Each = 50;
        var all = new ConcurrentBag<int>();
        await Task.WhenAll(Enumerable.Range(0, Takers).Select(_ => OnThread(() =>
        {
            PostgresGenerations generations = Of("001-race");
            int last = 0;
            for (int i = 0; i < Each; i++)
            {
                int taken = generations.Take(0);
                Assert.True(taken > last, $"{taken} after {last}");
                all.Add(last = taken);
            }

            return 0;
        })));
        Assert.Equal(Enumerable.Range(1, Takers * Each), all.Order());
    }

    [RequiresFact(Requirement.Postgres)]
    public void A_replaced_generation_cannot_continue()
    {
        PostgresGenerations old = Of("001-a");
        int first = old.Take(0);
        old.Demand(first);
        int second = Of("001-a").Take(0);

        StaleGenerationException fault = Assert.Throws<StaleGenerationException>(() => old.Demand(first));
        Assert.Contains("generation 1 of this run has been replaced by generation 2", fault.Message, StringComparison.Ordinal);
        Of("001-a").Demand(second);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_database_restored_from_an_old_backup_continues_above_the_newest_checkpoint()
    {
        int own = Of("001-a").Take(6);
        await Database.ScalarAsync("delete from vaecluster_generation");
        Of("001-a").Demand(own);
        Assert.Equal(own + 1, Of("001-a").Take(own));
    }

    [RequiresFact(Requirement.Postgres)]
    public void An_error_from_the_database_is_not_retried()
    {
        var time = new InstantTime();
        var unmigrated = new NpgsqlDataSourceBuilder(server.ConnectionStringOf("postgres")).Build();
        using (unmigrated)
            Assert.Throws<PostgresException>(() => new PostgresGenerations(unmigrated, "001-a",
                new DatabaseRetry(TimeSpan.FromMinutes(1), time)).Take(0));
        Assert.Empty(time.Waits);
    }

    private static Task<int> OnThread(Func<int> work) =>
        Task.Factory.StartNew(work, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private PostgresGenerations Of(string run) => new(Database, run, new DatabaseRetry(TimeSpan.FromSeconds(60), TimeProvider.System));
}
