using Npgsql;
using NpgsqlTypes;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Database;
using VaeCluster.Tests.Shared;

namespace VaeCluster.Cluster.Tests.Database;

/// <summary>The statements of grain state, asked for and filled in as Orleans does.</summary>
[Collection(PostgresServer.Shared)]
public sealed class GrainStateTests(PostgresServer server)
{
    [RequiresFact(Requirement.Postgres)]
    public async Task Of_eight_first_writers_exactly_one_succeeds()
    {
        await using NpgsqlDataSource database = await MigratedAsync();
        string write = await QueryAsync(database, "WriteToStorageKey");
        for (int trial = 0; trial < 100; trial++)
        {
            // Keys with and without text: a missing text is a value like any other.
            string? text = trial % 2 == 0 ? null : "run";
            using var start = new Barrier(8);
            object?[] versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Factory.StartNew(
                () =>
                {
                    using NpgsqlCommand command = Fill(database.CreateCommand(write), trial, text, null);
                    command.Parameters.AddWithValue("PayloadBinary", new byte[] { (byte)writer });
                    start.SignalAndWait();
                    return command.ExecuteScalar();
                },
                default,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Equal(1, Assert.Single(versions, version => version is int));
            Assert.Equal(7, versions.Count(version => version is DBNull));
        }

        Assert.Equal(100L, await database.ScalarAsync("select count(*) from vaecluster_grain_state"));
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task State_is_written_read_cleared_and_deleted_only_with_the_newest_version()
    {
        await using NpgsqlDataSource database = await MigratedAsync();
        Assert.Equal(1, await WriteAsync(database, null));
        Assert.Equal(DBNull.Value, await WriteAsync(database, null));
        Assert.Equal(2, await WriteAsync(database, 1));
        Assert.Equal(DBNull.Value, await WriteAsync(database, 1));

        await using (NpgsqlCommand read = Fill(database.CreateCommand(await QueryAsync(database, "ReadFromStorageKey")), 7, "x", null))
        await using (NpgsqlDataReader row = await read.ExecuteReaderAsync())
        {
            Assert.True(await row.ReadAsync());
            Assert.Equal([1, 2, 3], row.GetFieldValue<byte[]>(row.GetOrdinal("PayloadBinary")));
            Assert.Equal(2, row.GetInt32(row.GetOrdinal("Version")));
            Assert.False(await row.ReadAsync());
        }

        Assert.Null(await AskAsync(database, "ClearStorageKey", 1));
        Assert.Equal(3, await AskAsync(database, "ClearStorageKey", 2));
        Assert.Null(await AskAsync(database, "DeleteStorageKey", 2));
        Assert.Equal(4, await AskAsync(database, "DeleteStorageKey", 3));
        Assert.Equal(1, await WriteAsync(database, null));
    }

    private static async Task<string> QueryAsync(NpgsqlDataSource database, string key) =>
        (string)(await database.ScalarAsync($"select QueryText from OrleansQuery where QueryKey = '{key}'"))!;

    private static async Task<object?> WriteAsync(NpgsqlDataSource database, int? version)
    {
        await using NpgsqlCommand command = Fill(database.CreateCommand(await QueryAsync(database, "WriteToStorageKey")), 7, "x", version);
        command.Parameters.AddWithValue("PayloadBinary", new byte[] { 1, 2, 3 });
        return await command.ExecuteScalarAsync();
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource database, string key, int version)
    {
        await using NpgsqlCommand command = Fill(database.CreateCommand(await QueryAsync(database, key)), 7, "x", version);
        return await command.ExecuteScalarAsync();
    }

    private static NpgsqlCommand Fill(NpgsqlCommand command, long key, string? text, int? version)
    {
        command.Parameters.AddWithValue("GrainIdHash", 1);
        command.Parameters.AddWithValue("GrainIdN0", key);
        command.Parameters.AddWithValue("GrainIdN1", 0L);
        command.Parameters.AddWithValue("GrainTypeHash", 2);
        command.Parameters.AddWithValue("GrainTypeString", "coordinator");
        command.Parameters.AddWithValue("GrainIdExtensionString", NpgsqlDbType.Text, (object?)text ?? DBNull.Value);
        command.Parameters.AddWithValue("ServiceId", "tests");
        command.Parameters.AddWithValue("GrainStateVersion", NpgsqlDbType.Integer, (object?)version ?? DBNull.Value);
        return command;
    }

    private async Task<NpgsqlDataSource> MigratedAsync()
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        return NpgsqlDataSource.Create(text);
    }
}
