using System.Globalization;
using Npgsql;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>
/// The tests' own PostgreSQL server, in a temporary folder, on this machine only, without a password. It starts on first use, so that
/// skipped tests start nothing.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>The collection of the tests that share one server.</summary>
    public const string Shared = "one PostgreSQL server";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly EventHandler _atExit;
    private string? _folder;
    private int _port;
    private int _databases;

    /// <summary>Creates a server that trades durability for speed, without starting it.</summary>
    public PostgresServer()
    {
        _atExit = (_, _) => Remove();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    /// <summary>Whether it flushes to disk as in production. Set before the first use.</summary>
    public bool Durable { get; set; }

    /// <summary>The port; the same across restarts.</summary>
    public int Port
    {
        get
        {
            EnsureStarted();
            return _port;
        }
    }

    /// <summary>What the server writes about itself.</summary>
    public string Log => Path.Combine(_folder!, "log");

    private string Data => Path.Combine(_folder!, "data");

    /// <summary>A fresh, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        EnsureStarted();
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using NpgsqlDataSource all = NpgsqlDataSource.Create(ConnectionStringOf("postgres"));
        await using NpgsqlCommand command = all.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionStringOf(name);
    }

    /// <summary>The connection string of a database, whether it exists or not.</summary>
    /// <param name="database">Its name.</param>
    public string ConnectionStringOf(string database) =>
        string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5;Maximum Pool Size=20");

    /// <summary>Starts the server, or starts it again; returns when it answers.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_folder is null) Create_NeedsLock();
            string durability = Durable ? string.Empty : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
            string options = string.Create(
                CultureInfo.InvariantCulture, $"-p {_port} -c listen_addresses=127.0.0.1 -k {_folder} -c max_connections=200{durability}");
            PostgresProgram.Run("pg_ctl", "-D", Data, "-l", Log, "-w", "-t", "60", "-o", options, "start");
        }
    }

    /// <summary>Stops the server cleanly: connections are cut, data is flushed.</summary>
    public void Stop() => PostgresProgram.Run("pg_ctl", "-D", Data, "-w", "-t", "60", "-m", "fast", "stop");

    /// <summary>Kills the server and all its processes, as in a power cut; returns when none is left.</summary>
    public void Kill()
    {
        int server = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        int[] processes = [server, .. PostgresProgram.ChildrenOf(server)];
        foreach (int process in processes) PostgresProgram.Kill(process);
        Assert.True(SpinWait.SpinUntil(() => !processes.Any(PostgresProgram.IsAlive), LongestWait), "the server does not end");

        // The server's own check takes a zombie for a running process.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(_folder!, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{_port}.lock")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        Remove();
    }

    private void EnsureStarted()
    {
        lock (_lock)
        {
            if (_folder is null) Start();
        }
    }

    private void Create_NeedsLock()
    {
        _folder = Directory.CreateTempSubdirectory("vaecluster-pg-").FullName;
        PostgresProgram.GiveToServer(_folder);
        PostgresProgram.Run("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N");
        _port = TcpPorts.Unused();
    }

    private void Remove()
    {
        lock (_lock)
        {
            if (_folder is null) return;
            if (File.Exists(Path.Combine(Data, "postmaster.pid")))
                PostgresProgram.TryRun("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
            NpgsqlConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }
}
