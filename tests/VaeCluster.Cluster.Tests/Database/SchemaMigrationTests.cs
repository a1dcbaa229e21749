using System.Collections.Concurrent;
using Npgsql;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Database;

[Collection(PostgresServer.Shared)]
public sealed class SchemaMigrationTests(PostgresServer server)
{
    [RequiresFact(Requirement.Postgres)]
    public async Task The_second_migration_finds_nothing_to_do()
    {
        string database = await server.CreateDatabaseAsync();
        var log = new List<string>();
        await SchemaMigration.MigrateAsync(database, log.Add, default);
        Assert.Equal(SchemaMigration.NewestVersion + 1, log.Count);
        Assert.Contains("applied 001-runs.sql", log[0], StringComparison.Ordinal);

        log.Clear();
        await SchemaMigration.MigrateAsync(database, log.Add, default);
        Assert.EndsWith("nothing to do", Assert.Single(log), StringComparison.Ordinal);
        await SchemaMigration.DemandAsync(DatabaseAddress.Parse(database, "--database"), default);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Four_simultaneous_migrations_apply_each_script_once()
    {
        string database = await server.CreateDatabaseAsync();
        var log = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SchemaMigration.MigrateAsync(database, log.Add, default))));
        Assert.Equal(SchemaMigration.NewestVersion, log.Count(line => line.Contains("applied", StringComparison.Ordinal)));
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        Assert.Equal((long)SchemaMigration.NewestVersion, await source.ScalarAsync("select count(*) from vaecluster_schema"));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_schema_newer_than_the_program_is_refused_and_left_unchanged()
    {
        string database = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(database, _ => { }, default);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await source.ScalarAsync("insert into vaecluster_schema (version, script) values (99, 'from the future')");

        BadInputException migrate = await Assert.ThrowsAsync<BadInputException>(() =>
            SchemaMigration.MigrateAsync(database, _ => { }, default));
        Assert.Contains($"has schema 99, which is newer than this program's {SchemaMigration.NewestVersion}", migrate.Message,
            StringComparison.Ordinal);
        BadInputException demand = await Assert.ThrowsAsync<BadInputException>(() =>
            SchemaMigration.DemandAsync(DatabaseAddress.Parse(database, "x"), default));
        Assert.Contains("newer", demand.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_silo_is_told_to_migrate_first()
    {
        string database = await server.CreateDatabaseAsync();
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(
            () => SchemaMigration.DemandAsync(DatabaseAddress.Parse(database, "--database"), default));
        Assert.EndsWith($"has not been migrated: run `{ProgramName.Value} migrate`", fault.Message, StringComparison.Ordinal);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        Assert.Equal($"the database has not been migrated: run `{ProgramName.Value} migrate`",
            await new PostgresRunStore(source).WhyNotReadyAsync(default));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Tables_of_another_program_are_left_alone_and_the_conflicting_script_is_rolled_back()
    {
        string database = await server.CreateDatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await source.ScalarAsync("create table OrleansQuery (QueryKey text)");
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() =>
            SchemaMigration.MigrateAsync(database, _ => { }, default));
        Assert.Contains("already holds other tables", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, await source.ScalarAsync("select max(version) from vaecluster_schema"));
        Assert.Equal(true, await source.ScalarAsync("select to_regclass('vaecluster_silo') is null"));
    }
}
