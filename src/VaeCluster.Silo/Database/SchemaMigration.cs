using System.Globalization;
using Npgsql;
using VaeCluster.CommandLine;
using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>
/// Migrates a database to the schema of this program. Any number of processes may try at once: one does the work, the others wait and find
/// it done. Each script runs once, in a transaction.
/// </summary>
public static class SchemaMigration
{
    /// <summary>The source that messages name for a connection string when the caller gives none.</summary>
    public const string DefaultSource = "connection string";

    // The key of the advisory lock: any number that nothing else in the database uses.
    private const long LockKey = 0x7661_6563_6C75;

    // The scripts use NULLS NOT DISTINCT, which this version introduced.
    private const int OldestServer = 15;

    /// <summary>The schema version that this program needs.</summary>
    public static int NewestVersion => MigrationScript.All.Count;

    /// <summary>Runs the scripts that have not run yet.</summary>
    /// <param name="connectionString">The database: <c>Host=…;Database=…;…</c>.</param>
    /// <param name="log">Receives a line for each script.</param>
    /// <param name="cancellation">Ends the call early; the script in progress is rolled back.</param>
    /// <exception cref="BadInputException">The database cannot be used, or belongs to a newer version or to another program.</exception>
    public static Task MigrateAsync(string connectionString, Action<string> log, CancellationToken cancellation) =>
        MigrateAsync(DatabaseAddress.Parse(connectionString, DefaultSource), log, cancellation);

    /// <summary>Runs the scripts that have not run yet.</summary>
    /// <param name="address">The database.</param>
    /// <param name="log">Receives a line for each script.</param>
    /// <param name="cancellation">Ends the call early; the script in progress is rolled back.</param>
    /// <exception cref="BadInputException">The database cannot be used, or belongs to a newer version or to another program.</exception>
    public static async Task MigrateAsync(DatabaseAddress address, Action<string> log, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await address.OpenAsync(cancellation);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            string line = $"{address.Description} runs on PostgreSQL {connection.PostgreSqlVersion}; {OldestServer} or newer is needed";
            throw new BadInputException(address.Source, null, null, line);
        }

        await LockAsync(connection, log, cancellation);
        int found = await VersionAsync(connection, cancellation);
        if (found > NewestVersion) throw TooNew(address, found);
        foreach (MigrationScript script in MigrationScript.All.Skip(found))
        {
            await ApplyAsync(address, connection, script, cancellation);
            log($"{address.Description}: applied {script.Name}");
        }

        // After a failure, closing the connection, which is in no pool, also releases the lock, but the server may take a while to notice.
        await UnlockAsync(connection, cancellation);
        log($"{address.Description}: schema {NewestVersion}{(found == NewestVersion ? ", nothing to do" : string.Empty)}");
    }

    /// <summary>Checks at the start of a silo that the database has the schema of this program.</summary>
    /// <param name="address">The database.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The database cannot be used, is not migrated, or belongs to a newer version.</exception>
    public static async Task DemandAsync(DatabaseAddress address, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await address.OpenAsync(cancellation);
        int found = await VersionAsync(connection, cancellation);
        if (found > NewestVersion) throw TooNew(address, found);
        if (found == NewestVersion) return;
        string state = found == 0 ? "has not been migrated" : $"has schema {found} and {NewestVersion} is needed";
        throw new BadInputException(address.Source, null, null, $"{address.Description} {state}: run `{ProgramName.Value} migrate`");
    }

    private static async Task LockAsync(NpgsqlConnection connection, Action<string> log, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(@key)", connection);
        command.Parameters.AddWithValue("key", LockKey);
        if ((bool)(await command.ExecuteScalarAsync(cancellation))!) return;
        log("another migration is in progress; waiting for it");
        command.CommandText = "select pg_advisory_lock(@key)";
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task UnlockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_unlock(@key)", connection);
        command.Parameters.AddWithValue("key", LockKey);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('vaecluster_schema') is not null", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!) return 0;
        await using var newest = new NpgsqlCommand("select coalesce(max(version), 0) from vaecluster_schema", connection);
        return Convert.ToInt32(await newest.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    private static async Task ApplyAsync(
        DatabaseAddress address, NpgsqlConnection connection, MigrationScript script, CancellationToken cancellation)
    {
        const string Note = "insert into vaecluster_schema (version, script) values (@version, @script)";
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(script.Text, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellation);
            await using var note = new NpgsqlCommand(Note, connection, transaction);
            note.Parameters.AddWithValue("version", script.Version);
            note.Parameters.AddWithValue("script", script.Name);
            await note.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateFunction)
        {
            string line = $"{address.Description} already holds other tables ({fault.MessageText}): use a separate database for VaeCluster";
            throw new BadInputException(address.Source, null, null, line, fault);
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            string line = $"{address.Description}: the user may not create tables there ({fault.MessageText})";
            throw new BadInputException(address.Source, null, null, line, fault);
        }
    }

    private static BadInputException TooNew(DatabaseAddress address, int found) => new(
        address.Source, null, null,
        $"{address.Description} has schema {found}, which is newer than this program's {NewestVersion}: use a newer vaecluster-silo");
}
