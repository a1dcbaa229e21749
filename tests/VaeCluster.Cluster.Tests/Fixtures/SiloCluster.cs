using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using VaeCluster.Exchange;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>The silos of one cluster on this machine, each a process, with their own folder of runs and unused ports.</summary>
public sealed class SiloCluster : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3), Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<SiloProcess> _silos = [];
    private readonly List<int> _gateways = [], _ports = [];
    private readonly string[] _membership;

    private SiloCluster(params string[] membership) => _membership = membership;

    /// <summary>The folder with everything that belongs to the cluster.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>The silos in order of start, including those that have ended.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The port for Orleans clients of each silo.</summary>
    public IReadOnlyList<int> Gateways => _gateways;

    /// <summary>The cluster's secret, where its first silo has put it.</summary>
    public ClusterSecret Secret
    {
        get
        {
            if (_membership is not [_, var database, ..]) return ClusterSecret.ReadFile(Folder["runs", "cluster.secret"], "test");
            using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
            using NpgsqlCommand command = source.CreateCommand("select secret from vaecluster_secret");
            return new ClusterSecret((string)command.ExecuteScalar()!);
        }
    }

    /// <summary>The ports of all silos for each other and for Orleans clients.</summary>
    public IReadOnlyList<int> Ports => _ports;

    /// <summary>The steps in a run's log, in its order.</summary>
    /// <param name="id">The run.</param>
    public IReadOnlyList<int> LoggedSteps(string id) =>
    [
        .. File.ReadLines(Folder["runs", id, "metrics.jsonl"]).Select(Parse)
            .Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("step").GetInt32()),
    ];

    /// <summary>A cluster without a database.</summary>
    public static SiloCluster Standalone() => new("--standalone");

    /// <summary>A cluster on a new database, migrated by the silo's own command.</summary>
    /// <param name="server">The server.</param>
    public static async Task<SiloCluster> OnDatabaseAsync(PostgresServer server)
    {
        string database = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(database, _ => { }, default);
        return new SiloCluster("--database", database, "--address", "127.0.0.1");
    }

    /// <summary>Starts a silo and waits until it is a member.</summary>
    /// <param name="arguments">Further arguments of the silo.</param>
    public async Task<SiloProcess> AddAsync(params string[] arguments)
    {
        SiloProcess silo = Add(arguments);
        await silo.ReadyAsync();
        return silo;
    }

    /// <summary>Starts a silo.</summary>
    /// <param name="arguments">Further arguments of the silo.</param>
    public SiloProcess Add(params string[] arguments)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{TcpPorts.Unused()}"));
        int gateway = TcpPorts.Unused();
        _gateways.Add(gateway);
        (int own, int tensors) = (TcpPorts.Unused(), TcpPorts.Unused());
        _ports.AddRange([own, gateway, tensors]);
        string[] ports = ["--silo-port", Text(own), "--gateway-port", Text(gateway), "--tensor-port", Text(tensors)];
        string[] name = ["--name", string.Create(CultureInfo.InvariantCulture, $"s{_silos.Count}")];
        var silo = new SiloProcess(
            Folder.Path, address, [.. _membership, "--runs", Folder["runs"], "--urls", address.OriginalString, .. ports, .. name,
            .. arguments]);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Submits a run.</summary>
    /// <param name="runFile">The text of the run file.</param>
    /// <returns>The run's id.</returns>
    public async Task<string> SubmitAsync(string runFile)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(Server(), "api/v1/runs"),
            new { runFile, folder = Folder.Path });
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return Parse(text).GetProperty("id").GetString()!;
    }

    /// <summary>The description of a run; null if no silo answers at the moment.</summary>
    /// <param name="id">The run.</param>
    public async Task<JsonElement?> ShowAsync(string id)
    {
        foreach (SiloProcess silo in Living())
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri(silo.Address, $"api/v1/runs/{id}"));
                if (answer.StatusCode == HttpStatusCode.OK) return Parse(await answer.Content.ReadAsStringAsync());
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                // This silo is stopped or ending; ask another one.
            }
        }

        return null;
    }

    /// <summary>Waits until a run has reached a step, or has ended.</summary>
    /// <param name="id">The run.</param>
    /// <param name="step">The step.</param>
    public Task<JsonElement> StepAsync(string id, int step) =>
        UntilAsync(id, run => run.GetProperty("step").GetInt32() >= step || IsOver(run));

    /// <summary>Waits until a run has finished.</summary>
    /// <param name="id">The run.</param>
    /// <returns>The SHA-256 of its weights.</returns>
    public async Task<string> FinishAsync(string id)
    {
        JsonElement run = await UntilAsync(id, IsOver);
        Assert.True(run.GetProperty("state").GetString() == "finished", $"{run.GetRawText()}{Words()}");
        return run.GetProperty("result").GetProperty("weightsSha256").GetString()!;
    }

    /// <summary>The status of an answer.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="path">The path.</param>
    public async Task<(HttpStatusCode Status, string Text)> GetAsync(SiloProcess silo, string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(silo.Address, path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The output of all silos, for the message of a failing test.</summary>
    public string Words() =>
        string.Concat(_silos.Select((silo, i) => string.Create(CultureInfo.InvariantCulture, $"\n-- s{i}\n{silo.Output}{silo.Error}")));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SiloProcess silo in _silos) silo.Dispose();
        _http.Dispose();
        Folder.Dispose();
    }

    private static bool IsOver(JsonElement run) => run.GetProperty("state").GetString() is "finished" or "failed" or "stopped";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Parse(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private IEnumerable<SiloProcess> Living() => _silos.Where(silo => !silo.HasExited);

    private Uri Server() => Living().First().Address;

    private async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> done)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            if (await ShowAsync(id) is { } run && done(run)) return run;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{(await ShowAsync(id))?.GetRawText()}{Words()}");
            await Task.Delay(Pause);
        }
    }
}
