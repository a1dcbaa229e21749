using System.Globalization;
using Npgsql;
using VaeCluster.CommandLine;
using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>
/// Brings a database to the schema of this program. Any number of processes may try at once: one works, the others wait and find it done.
/// A step is done wholly or not at all, and once.
/// </summary>
public static class SchemaMigration
{
    /// <summary>Where messages say that a connection string came from, if the caller does not tell.</summary>
    public const string DefaultSource = "connection string";

    // Any number that nobody else uses in such a database.
    private const long LockKey = 0x7661_6563_6C75;

    // NULLS NOT DISTINCT came with it.
    private const int OldestServer = 15;

    /// <summary>The schema that this program needs.</summary>
    public static int NewestVersion => MigrationScript.All.Count;

    /// <summary>Does what is missing.</summary>
    /// <param name="connectionString">The database: <c>Host=…;Database=…;…</c>.</param>
    /// <param name="log">Is told each step in one line.</param>
    /// <param name="cancellation">Ends the call early; the step in progress is undone.</param>
    /// <exception cref="BadInputException">The database cannot be used, or belongs to a newer program or another one.</exception>
    public static Task MigrateAsync(string connectionString, Action<string> log, CancellationToken cancellation) =>
        MigrateAsync(DatabaseAddress.Parse(connectionString, DefaultSource), log, cancellation);

    /// <summary>Does what is missing.</summary>
    /// <param name="address">The database.</param>
    /// <param name="log">Is told each step in one line.</param>
    /// <param name="cancellation">Ends the call early; the step in progress is undone.</param>
    /// <exception cref="BadInputException">The database cannot be used, or belongs to a newer program or another one.</exception>
    public static async Task MigrateAsync(DatabaseAddress address, Action<string> log, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await address.OpenAsync(cancellation);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            string line = $"{address.Description} runs on PostgreSQL {connection.PostgreSqlVersion}, {OldestServer} or newer is needed";
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

        // After a fault the lock goes with the connection, which is in no pool; only, the server takes its time to see that it is closed.
        await UnlockAsync(connection, cancellation);
        log($"{address.Description}: schema {NewestVersion}{(found == NewestVersion ? ", nothing to do" : string.Empty)}");
    }

    /// <summary>Whether a database has the schema of this program, for the start of a silo.</summary>
    /// <param name="address">The database.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The database cannot be used, is not migrated, or belongs to a newer program.</exception>
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
            string line = $"{address.Description} holds tables of another program ({fault.MessageText}): use a database of its own";
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
