using Npgsql;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Database;

[Collection(PostgresServer.Shared)]
public sealed class PostgresRunStoreTests(PostgresServer server)
{
    [RequiresFact(Requirement.Postgres)]
    public Task A_run_is_added_once_and_the_newest_is_listed_first() => WithStoreAsync(RunStoreLaws.AddsOnceAndListsTheNewestFirstAsync);

    [RequiresFact(Requirement.Postgres)]
    public Task A_change_is_taken_only_from_who_has_seen_the_last_one() =>
        WithStoreAsync(RunStoreLaws.TakesAChangeOnlyOfTheNewestVersionAsync);

    [RequiresFact(Requirement.Postgres)]
    public Task No_change_of_many_writers_is_lost() => WithStoreAsync(store => RunStoreLaws.LosesNoChangeOfManyWritersAsync(() => store));

    [RequiresFact(Requirement.Postgres)]
    public Task A_store_of_sweeps_keeps_the_same_laws_and_shares_nothing_with_that_of_runs() => WithStoreAsync(async (runs, sweeps) =>
    {
        await RunStoreLaws.AddsOnceAndListsTheNewestFirstAsync(sweeps);
        Assert.Empty(await runs.ListAsync(default));
        await RunStoreLaws.TakesAChangeOnlyOfTheNewestVersionAsync(runs);
    });

    [RequiresFact(Requirement.Postgres)]
    public Task Its_fence_is_the_databases() => WithStoreAsync(store =>
    {
        Assert.Equal(5, store.Generations("001-a").Take(4));
        Assert.IsType<PostgresGenerations>(store.Generations("001-a")).Demand(5);
        return Task.CompletedTask;
    });

    private Task WithStoreAsync(Func<PostgresRunStore, Task> check) => WithStoreAsync((runs, _) => check(runs));

    private async Task WithStoreAsync(Func<PostgresRunStore, PostgresRunStore, Task> check)
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(text);
        await check(new PostgresRunStore(database), new PostgresRunStore(database, PostgresRunStore.SweepsTable));
    }
}
