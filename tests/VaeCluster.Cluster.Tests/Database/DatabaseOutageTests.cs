using Npgsql;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Database;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Cluster.Tests.Database;

/// <summary>These tests have their own server, because they stop and kill it.</summary>
public sealed class DatabaseOutageTests : IDisposable
{
    private readonly PostgresServer _server = new() { Durable = true };

    public void Dispose() => _server.Dispose();

    [RequiresFact(Requirement.Postgres)]
    public async Task Generations_wait_for_a_killed_database_and_continue_counting()
    {
        await using NpgsqlDataSource database = await MigratedAsync();
        var time = new InstantTime();
        var generations = new PostgresGenerations(database, "001-a", new DatabaseRetry(TimeSpan.FromSeconds(60), time));
        Assert.Equal(1, generations.Take(0));

        time.During = wait =>
        {
            if (wait % 3 == 0) _server.Start();
        };
        _server.Kill();
        Assert.Equal(2, generations.Take(0));
        Assert.Equal(3, time.Waits.Count);
        Assert.True(time.Waits[2] > time.Waits[1] && time.Waits[1] > time.Waits[0], "the distances grow");

        _server.Kill();
        generations.Demand(2);
        _server.Stop();
        Assert.Throws<StaleGenerationException>(() => generations.Demand(1));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Retrying_ends_at_the_limit_and_the_store_says_why_it_is_not_ready()
    {
        await using NpgsqlDataSource database = await MigratedAsync();
        var store = new PostgresRunStore(database, new DatabaseRetry(TimeSpan.FromSeconds(60), new InstantTime()));
        Assert.Null(await store.WhyNotReadyAsync(default));

        _server.Kill();
        var time = new InstantTime();
        var generations = new PostgresGenerations(database, "001-a", new DatabaseRetry(TimeSpan.FromSeconds(60), time));
        IOException fault = Assert.Throws<IOException>(() => generations.Take(0));
        Assert.StartsWith("the database did not answer for 60 s: ", fault.Message, StringComparison.Ordinal);
        Assert.InRange(time.Waits.Sum(wait => wait.TotalSeconds), 55, 60);
        Assert.StartsWith("the database cannot be used: ", await store.WhyNotReadyAsync(default), StringComparison.Ordinal);
        Assert.Throws<IOException>(() => store.Generations("001-a").Demand(1));

        _server.Start();
        Assert.Null(await store.WhyNotReadyAsync(default));
    }

    private async Task<NpgsqlDataSource> MigratedAsync()
    {
        string text = await _server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        return NpgsqlDataSource.Create(text);
    }
}
