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
    public Task A_change_requires_the_newest_version() =>
        WithStoreAsync(RunStoreLaws.TakesAChangeOnlyOfTheNewestVersionAsync);

    [RequiresFact(Requirement.Postgres)]
    public Task Concurrent_writers_lose_no_changes() => WithStoreAsync(store => RunStoreLaws.LosesNoChangeOfManyWritersAsync(() => store));

    [RequiresFact(Requirement.Postgres)]
    public Task A_sweep_store_obeys_the_same_laws_and_shares_nothing_with_the_run_store() => WithStoreAsync(async (runs, sweeps) =>
    {
        await RunStoreLaws.AddsOnceAndListsTheNewestFirstAsync(sweeps);
        Assert.Empty(await runs.ListAsync(default));
        await RunStoreLaws.TakesAChangeOnlyOfTheNewestVersionAsync(runs);
    });

    [RequiresFact(Requirement.Postgres)]
    public async Task Hosts_take_turns()
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        await using NpgsqlDataSource one = NpgsqlDataSource.Create(text), other = NpgsqlDataSource.Create(text);
        PostgresRunStore[] stores = [new(one), new(other), new(other, PostgresRunStore.SweepsTable)];
        await RunStoreLaws.LetsOneHostAtATimeInAsync([.. stores.Select(store => (Func<Service.Store.IRunStore>)(() => store))]);
    }

    [RequiresFact(Requirement.Postgres)]
    public Task Generations_are_kept_in_the_database() => WithStoreAsync(store =>
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
