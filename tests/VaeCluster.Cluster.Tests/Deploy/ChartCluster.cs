using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>
/// Runs the chart's pods as processes on this machine. This class does what Kubernetes would (variables from fields and Secrets, volumes,
/// probes), on the test's own PostgreSQL. Environment variables give each pod its own ports; everything else is as the chart renders it.
/// </summary>
public sealed class ChartCluster : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3), Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly PublishedImage _image = new();
    private readonly PostgresServer _database = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<ProgramProcess> _jobs = [];
    private string? _connection;
    private int _pods;

    /// <summary>What the chart renders.</summary>
    internal IReadOnlyList<Manifest> Manifests => ValueFiles.Render("processes");

    /// <summary>The running silos, by pod name.</summary>
    internal List<Silo> Silos { get; } = [];

    /// <summary>The image that they run.</summary>
    internal PublishedImage Image => _image;

    /// <summary>The folder that stands for the volumes.</summary>
    internal TemporaryFolder Folder => _folder;

    /// <summary>A server's address.</summary>
    internal Uri Server => Silos.First(silo => silo.Workload.Labels["app.kubernetes.io/component"] == "server").Address;

    /// <summary>The token that the chart created.</summary>
    internal string Token => Secret("trainer-vaecluster-token", "token");

    /// <summary>Installs the release, once: first the hook, then all silos; returns when all are ready.</summary>
    internal async Task InstallAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_connection is not null) return;
            _connection = await _database.CreateDatabaseAsync();
            foreach (string folder in new[] { "runs", "data", "tmp", "token" }) Directory.CreateDirectory(_folder[folder]);
            foreach (string key in new[] { "token", "viewer" })
                await File.WriteAllTextAsync(_folder["token", key], Secret("trainer-vaecluster-token", key));
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            (await RunJobAsync(Manifests.Single(manifest => manifest.Hooks.Contains("pre-install", StringComparison.Ordinal)))).Succeeded();
            foreach (Manifest workload in Manifests.Where(manifest => manifest.IsSilos))
                for (int replica = int.Parse(workload.Json.Text("spec.replicas"), CultureInfo.InvariantCulture); replica > 0; replica--)
                    Add(workload);
            foreach (Silo silo in Silos) await ReadyAsync(silo);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Replaces a silo as in a rolling update: the old one is told to leave and exits cleanly, then a new one becomes
    /// ready.</summary>
    /// <param name="silo">The silo.</param>
    internal async Task ReplaceAsync(Silo silo)
    {
        bool surges = silo.Workload.Json.Text("spec.strategy.rollingUpdate.maxSurge") != "0";
        if (surges) await ReadyAsync(Add(silo.Workload));
        Silos.Remove(silo);
        silo.Process.Terminate();
        (await silo.Process.EndAsync()).Succeeded();
        silo.Process.Dispose();
        if (!surges) await ReadyAsync(Add(silo.Workload));
    }

    /// <summary>Kills a silo as if its node failed, and starts its replacement.</summary>
    /// <param name="silo">The silo.</param>
    internal async Task LoseAsync(Silo silo)
    {
        Silos.Remove(silo);
        silo.Process.Kill();
        silo.Process.Dispose();
        await ReadyAsync(Add(silo.Workload));
    }

    /// <summary>Runs a Job's or test's container to its end.</summary>
    /// <param name="job">The Job or Pod.</param>
    internal Task<ProgramResult> RunJobAsync(Manifest job)
    {
        JsonNode container = Assert.Single(job.Containers);
        foreach (JsonNode mount in container["volumeMounts"].Items())
        {
            JsonNode volume = job.Pod.At("spec.volumes").Items().Single(other => other.Text("name") == mount.Text("name"));
            if (volume.At("configMap.name")?.ToString() is not { } map) continue;
            string folder = Place(mount.Text("mountPath"));
            Directory.CreateDirectory(folder);
            foreach ((string name, string text) in Manifests.Single(other => other.Kind == "ConfigMap" && other.Name == map)
                .Json["data"].Map())
                File.WriteAllText(Path.Combine(folder, name), text);
        }

        string service = Silos.Count == 0 ? string.Empty : Server.GetLeftPart(UriPartial.Authority);
        string[] arguments =
        [
            .. container["args"].Items().Select(word => word.ToString())
                .Select(word => word.StartsWith('/') ? Place(word) : word)
                .Select(word => word == "http://trainer-vaecluster:80" ? service : word),
        ];
        var process = new PodProcess(_image.Words(container["command"].Items().Select(word => word.ToString()), arguments),
            Variables(container, job.Name), _folder["tmp"]);
        _jobs.Add(process);
        return process.EndAsync();
    }

    /// <summary>Submits a run.</summary>
    /// <param name="runFile">The text of the run file.</param>
    internal async Task<string> SubmitAsync(string runFile)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(Server, "api/v1/runs"), new { runFile });
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text).Text("id");
    }

    /// <summary>Stops a run.</summary>
    /// <param name="id">The run.</param>
    internal async Task CancelAsync(string id)
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(Server, $"api/v1/runs/{id}/cancel"), null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await UntilAsync(id, run => run.Text("state") is "stopped" or "finished" or "failed");
    }

    /// <summary>The description of a run; null if no silo answers at the moment.</summary>
    /// <param name="id">The run.</param>
    internal async Task<JsonNode?> ShowAsync(string id)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(Server, $"api/v1/runs/{id}"));
            return answer.StatusCode == HttpStatusCode.OK ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Waits until a condition holds for a run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="holds">The condition.</param>
    internal async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> holds)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            if (await ShowAsync(id) is { } run && holds(run)) return run;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{(await ShowAsync(id))?.ToJsonString()}{Words()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>The output of all running silos, for the message of a failing test.</summary>
    internal string Words() => string.Concat(Silos.Select(silo => $"\n-- {silo.Name}\n{silo.Process.Output}{silo.Process.Error}"));

    /// <summary>The status of a probe's answer.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="probe">The probe's name in the chart.</param>
    internal async Task<HttpStatusCode?> ProbeAsync(Silo silo, string probe)
    {
        // Probes send no token.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using HttpResponseMessage answer =
                await client.GetAsync(new Uri(silo.Address, silo.Workload.Containers.Last().Text($"{probe}.httpGet.path")));
            return answer.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Silo silo in Silos) silo.Process.Dispose();
        foreach (ProgramProcess job in _jobs) job.Dispose();
        _http.Dispose();
        _database.Dispose();
        _image.Dispose();
        _folder.Dispose();
        _starting.Dispose();
    }

    /// <summary>A container's variables as Kubernetes sets them.</summary>
    /// <param name="container">The container.</param>
    /// <param name="pod">The pod's name.</param>
    internal Dictionary<string, string> Variables(JsonNode container, string pod)
    {
        Dictionary<string, string> variables = new(_image.File.Environment);
        foreach (JsonNode variable in container["env"].Items())
        {
            string value = variable["value"]?.ToString() ?? variable["valueFrom"] switch
            {
                { } source when source["fieldRef"] is { } field => field.Text("fieldPath") switch
                {
                    "metadata.name" => pod,
                    "metadata.namespace" => HelmChart.Namespace,
                    "status.podIP" => "127.0.0.1",
                    var other => throw new NotSupportedException(other),
                },
                { } source when source["secretKeyRef"] is { } key => Secret(key.Text("name"), key.Text("key")),
                var other => throw new NotSupportedException(other?.ToJsonString()),
            };
            variables[variable.Text("name")] = value.StartsWith('/') ? Place(value) : value;
        }

        foreach (string name in new[] { "VAECLUSTER_RUNS", "VAECLUSTER_DATA" })
            if (variables[name].StartsWith("/runs", StringComparison.Ordinal)
                || variables[name].StartsWith("/data", StringComparison.Ordinal))
                variables[name] = Place(variables[name]);
        return variables;
    }

    /// <summary>Starts a pod of a workload.</summary>
    /// <param name="workload">The workload.</param>
    internal Silo Add(Manifest workload)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{_pods++:x5}");
        JsonNode container = workload.Containers.Last();
        Dictionary<string, string> variables = Variables(container, name);

        // Pods have their own addresses; here they share one.
        string[] ports = [.. variables.Keys.Where(key => key.EndsWith("_PORT", StringComparison.Ordinal))];
        Assert.NotEmpty(ports);
        foreach (string port in ports) variables[port] = TcpPorts.Unused().ToString(CultureInfo.InvariantCulture);
        int http = TcpPorts.Unused();
        Assert.Equal("http://*:5080", variables["VAECLUSTER_URLS"]);
        variables["VAECLUSTER_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://*:{http}");
        var process = new PodProcess(_image.Words(container["command"].Items().Select(word => word.ToString()),
            container["args"].Items().Select(word => word.ToString())), variables, _folder["tmp"]);
        var silo = new Silo(name, workload, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}")), process);
        Silos.Add(silo);
        return silo;
    }

    /// <summary>Waits like the kubelet: for the startup probe, then for the readiness probe.</summary>
    /// <param name="silo">The silo.</param>
    internal async Task ReadyAsync(Silo silo)
    {
        using var limit = new CancellationTokenSource(Longest);
        foreach (string probe in new[] { "startupProbe", "readinessProbe" })
        {
            while (await ProbeAsync(silo, probe) != HttpStatusCode.OK)
            {
                Assert.False(silo.Process.HasExited, Words());
                if (limit.IsCancellationRequested) throw new TimeoutException($"{silo.Name}: {probe}{Words()}");
                await Task.Delay(Pause);
            }
        }
    }

    private string Secret(string name, string key)
    {
        if ((name, key) == ("db", "connectionString")) return _connection!;
        Manifest secret = Manifests.Single(manifest => manifest.Kind == "Secret" && manifest.Name == name);
        return Encoding.UTF8.GetString(Convert.FromBase64String(secret.Json["data"].Text(key)));
    }

    // All volumes are in one folder.
    private string Place(string path) => Path.Combine(_folder.Path, path.TrimStart('/'));

    /// <summary>A pod of a silo.</summary>
    /// <param name="Name">The pod's name.</param>
    /// <param name="Workload">Its Deployment.</param>
    /// <param name="Address">Where its HTTP listens.</param>
    /// <param name="Process">Its process.</param>
    internal sealed record Silo(string Name, Manifest Workload, Uri Address, ProgramProcess Process);
}
