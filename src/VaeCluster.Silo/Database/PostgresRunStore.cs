using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using VaeCluster.CommandLine;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Silo.Database;

/// <summary>Stores the runs or sweeps of a cluster in PostgreSQL, one row each. Times are in UTC, to the microsecond.</summary>
/// <param name="database">A migrated database; the caller disposes of it.</param>
/// <param name="retry">How long the calls of <see cref="Generations"/> retry while the database cannot be reached; all others fail at
/// once.</param>
/// <param name="table"><see cref="RunsTable"/> or <see cref="SweepsTable"/>.</param>
public sealed class PostgresRunStore(NpgsqlDataSource database, DatabaseRetry retry, string table = PostgresRunStore.RunsTable) : IRunStore
{
    /// <summary>The table of runs.</summary>
    public const string RunsTable = "vaecluster_run";

    /// <summary>The table of sweeps.</summary>
    public const string SweepsTable = "vaecluster_sweep";

    // The key of the advisory lock: any number that nothing else in the database uses.
    private const long TurnKey = 0x7661_6563_6C76;

    private const string Columns = "id, submitted, workers, state, beginning, notes, error, version";

    // For both stores of a process.
    private static readonly ConditionalWeakTable<NpgsqlDataSource, SemaphoreSlim> Turns = [];

    private static readonly string[] ActiveStates =
        [.. Enum.GetValues<RunState>().Where(state => state.IsInProgress()).Select(state => state.ToString())];

    /// <summary>
    /// How long the calls of <see cref="Generations"/> retry by default: longer than a database takes to recover from a crash.
    /// </summary>
    public static TimeSpan DefaultRetryTime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A store with the <see cref="DefaultRetryTime"/>.</summary>
    /// <param name="database">A migrated database; the caller disposes of it.</param>
    /// <param name="table"><see cref="RunsTable"/> or <see cref="SweepsTable"/>.</param>
    public PostgresRunStore(NpgsqlDataSource database, string table = RunsTable)
        : this(database, new DatabaseRetry(DefaultRetryTime, TimeProvider.System), table)
    {
    }

    /// <inheritdoc/>
    public async Task<bool> AddAsync(StoredRun run, CancellationToken cancellation)
    {
        string text = $"""
            insert into {table} (id, submitted, workers, state, beginning, notes, error)
            values (@id, @submitted, @workers, @state, @beginning, @notes, @error)
            on conflict do nothing
            """;
        await using NpgsqlCommand command = Command(text, run);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <inheritdoc/>
    public async Task<StoredRun?> FindAsync(string id, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand($"select {Columns} from {table} where id = @id");
        command.Parameters.AddWithValue("id", id);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            $"select {Columns} from {table} order by submitted desc, id desc");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<StoredRun>();
        while (await row.ReadAsync(cancellation)) runs.Add(Read(row));
        return runs;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            $"select id from {table} where state = any(@states) order by submitted desc, id desc");
        command.Parameters.AddWithValue("states", ActiveStates);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<string>();
        while (await row.ReadAsync(cancellation)) ids.Add(row.GetString(0));
        return ids;
    }

    /// <inheritdoc/>
    public async Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation)
    {
        string text = $"""
            update {table}
            set submitted = @submitted, workers = @workers, state = @state, beginning = @beginning, notes = @notes, error = @error,
                version = version + 1, changed = now()
            where id = @id and version = @version
            returning version
            """;
        await using NpgsqlCommand command = Command(text, run);
        command.Parameters.AddWithValue("version", run.Version);
        return await command.ExecuteScalarAsync(cancellation) is long version ? run with { Version = version } : null;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand($"delete from {table} where id = @id and version = @version");
        command.Parameters.AddWithValue("id", run.Id);
        command.Parameters.AddWithValue("version", run.Version);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <inheritdoc/>
    /// <remarks>The database keeps its rows whole.</remarks>
    public Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation) => FindAsync(run.Id, cancellation);

    /// <inheritdoc/>
    /// <remarks>An advisory lock of a session: the database releases it when the connection ends.</remarks>
    public async Task<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        // One connection of this process waits at a time, so that waiting submissions never use up the connections that the one in its
        // turn needs.
        SemaphoreSlim turn = Turns.GetValue(database, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellation);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync(cancellation);
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({TurnKey})", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return new Turn(turn, connection);
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            turn.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public IGenerations Generations(string id) => new PostgresGenerations(database, id, retry);

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlCommand command = database.CreateCommand("select max(version) from vaecluster_schema");
            return await command.ExecuteScalarAsync(cancellation) is int version && version == SchemaMigration.NewestVersion
                ? null
                : "the database's schema version is not the one this program needs";
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return $"the database has not been migrated: run `{ProgramName.Value} migrate`";
        }
        catch (Exception fault) when (fault is NpgsqlException || ConnectionFault.Is(fault))
        {
            return $"the database cannot be used: {ConnectionFault.Describe(fault)}";
        }
    }

    private static StoredRun Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Submitted = row.GetFieldValue<DateTimeOffset>(1),
        Workers = row.GetInt32(2),
        State = Enum.Parse<RunState>(row.GetString(3), ignoreCase: true),
        Beginning = row.IsDBNull(4) ? null : JsonSerializer.Deserialize<RunBeginning>(row.GetString(4), ApiJson.Options),
        Notes = JsonSerializer.Deserialize<string[]>(row.GetString(5), ApiJson.Options)!,
        Error = row.IsDBNull(6) ? null : row.GetString(6),
        Version = row.GetInt64(7),
    };

    private NpgsqlCommand Command(string text, StoredRun run)
    {
        NpgsqlCommand command = database.CreateCommand(text);
        NpgsqlParameterCollection parameters = command.Parameters;
        parameters.AddWithValue("id", run.Id);
        parameters.AddWithValue("submitted", run.Submitted.ToUniversalTime());
        parameters.AddWithValue("workers", run.Workers);
        parameters.AddWithValue("state", run.State.ToString());
        string? beginning = run.Beginning is null ? null : JsonSerializer.Serialize(run.Beginning, ApiJson.Options);
        parameters.AddWithValue("beginning", NpgsqlDbType.Jsonb, (object?)beginning ?? DBNull.Value);
        parameters.AddWithValue("notes", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(run.Notes, ApiJson.Options));
        parameters.AddWithValue("error", NpgsqlDbType.Text, (object?)run.Error ?? DBNull.Value);
        return command;
    }

    private sealed class Turn(SemaphoreSlim turn, NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand($"select pg_advisory_unlock({TurnKey})", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception fault) when (fault is NpgsqlException || ConnectionFault.Is(fault))
            {
                // The connection is broken, and its locks end with it.
            }

            await connection.DisposeAsync();
            turn.Release();
        }
    }
}
