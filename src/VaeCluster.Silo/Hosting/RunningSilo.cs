using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using VaeCluster.Core;
using VaeCluster.Distributed.Membership;
using VaeCluster.Exchange;
using VaeCluster.Grains.Coordination;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Server.Http;
using VaeCluster.Server.Telemetry;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Silo.Beats;
using VaeCluster.Silo.Database;
using VaeCluster.Silo.Health;
using VaeCluster.Silo.Options;
using VaeCluster.Silo.Security;
using VaeCluster.Silo.Standalone;

namespace VaeCluster.Silo.Hosting;

/// <summary>All parts of one silo, started in order of dependency and stopped in reverse.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private const string ServiceName = "vaecluster-silo";

    // Orleans hands over its grains and tells the other silos.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly SiloSettings _settings;
    private readonly PeerCertificates? _certificates;
    private readonly OtlpExport? _export;
    private readonly MeterProvider _metrics;
    private Endpoints? _endpoints;
    private SiloParts? _parts;
    private IHost? _host;
    private Readiness? _readiness;
    private ApiServer? _api;
    private ActiveRuns? _runs;
    private BeatThread? _beats;
    private SweepWatch? _sweeps;
    private DeletedRuns? _deleted;
    private IDisposable? _folderLock;

    private RunningSilo(SiloSettings settings)
    {
        _settings = settings;
        _certificates = settings.Certificates is { } files ? new PeerCertificates(files) : null;
        _export = OtlpExport.Start(settings.Otlp, ServiceName);
        _metrics = OtlpExport.Meters(ServiceName).AddPrometheusExporter().Build();
    }

    /// <summary>Starts a silo; it is a member of its cluster when this returns.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="BadInputException">A port, folder, file or database cannot be used.</exception>
    internal static async Task<RunningSilo> StartAsync(SiloSettings settings, CancellationToken cancellation)
    {
        var silo = new RunningSilo(settings);
        try
        {
            if (settings.IsServer || settings.IsStandalone) silo.MakeRunsFolder();
            if (settings.IsServer)
            {
                silo._folderLock = RunsFolderLock.TakeShared(settings.Runs);
                DeletedFolders.Clear(settings.Runs);
            }

            // Silos of one machine start one at a time, so that no two choose the same ports.
            using FileStream? turn = settings.IsStandalone
                ? await LockFile.TakeAsync(Path.Combine(settings.Runs, ".start.lock"), cancellation, TimeSpan.FromMinutes(2))
                : null;
            await silo.CheckClusterAsync(cancellation);
            await silo.OpenAsync(cancellation);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Name, role and addresses in one line.</summary>
    internal string Describe()
    {
        string role = (_settings.IsServer, _settings.IsWorker) switch
        {
            (true, true) => $"serves and computes on {string.Join(", ", _settings.Devices)}",
            (true, false) => "serves",
            _ => $"computes on {string.Join(", ", _settings.Devices)}",
        };
        string runs = _settings.IsServer ? $", runs in {_settings.Runs}" : string.Empty;
        string places = FormattableString.Invariant($"{string.Join(" ", _api!.Addresses)}, silos at {_settings.Address}:{_endpoints!.Silo}{runs}");
        return $"{_parts!.Name} of cluster {_settings.ClusterId} {role}; listening on {places}; Ctrl-C stops";
    }

    /// <summary>Waits for work to move to other silos, then leaves the cluster.</summary>
    /// <param name="say">Receives progress messages, one line each.</param>
    internal async Task LeaveAsync(Action<string> say)
    {
        long begun = TimeProvider.System.GetTimestamp();
        _readiness!.Leave();
        if (_host!.Services.GetService<SweepOptions>() is { } sweeps) await sweeps.Keepers.YieldAsync(StopTimeout);
        if (!_settings.IsServer || HasOtherServers())
        {
            string most = FormattableString.Invariant($"{_settings.Grace.TotalSeconds:0.#} s");
            say($"leaving: waiting up to {most} for work to move to other silos");
            _beats!.Leave();
            await WaitUntilUnusedAsync();
        }

        if (_host!.Services.GetService<CoordinatorOptions>() is { } coordinators)
        {
            say("stopping; runs that this silo coordinates write a checkpoint");

            // Stay within a minute after the grace time, when supervisors usually kill a process.
            TimeSpan left = _settings.Grace - TimeProvider.System.GetElapsedTime(begun);
            await coordinators.Drivers.YieldAsync(StopTimeout + (left > TimeSpan.Zero ? left : TimeSpan.Zero));
        }

        await _api!.DisposeAsync();
        _api = null;
        using var limit = new CancellationTokenSource(StopTimeout);
        await _host.StopAsync(limit.Token);
        say("left the cluster");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        if (_sweeps is not null) await _sweeps.DisposeAsync();
        if (_deleted is not null) await _deleted.DisposeAsync();
        _beats?.Dispose();
        if (_runs is not null) await _runs.DisposeAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        if (_parts is not null) await _parts.DisposeAsync();
        _folderLock?.Dispose();
        _metrics.Dispose();
        _export?.Dispose();
    }

    private void MakeRunsFolder()
    {
        try
        {
            Directory.CreateDirectory(_settings.Runs);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("--runs", null, _settings.Runs, $"a writable folder ({fault.Message})", fault);
        }
    }

    private async Task CheckClusterAsync(CancellationToken cancellation)
    {
        string? other;
        if (_settings.Database is { } database)
        {
            await SchemaMigration.DemandAsync(database, cancellation);
            other = await OtherClusters.FindAsync(database, _settings.ClusterId, cancellation);
        }
        else
        {
            other = FileMembership.OtherCluster(_settings.Runs, _settings.ClusterId);
        }

        if (other is null) return;
        string place = _settings.IsStandalone ? "folder of runs" : "database";
        throw new BadInputException(
            "--cluster-id", null, _settings.ClusterId,
            $"the id '{other}', whose silos already use this {place}; or choose another {place}");
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        var ports = new LocalPorts(_settings.Address, mayMove: _settings.IsStandalone);
        _endpoints = new Endpoints(
            ports.Choose(_settings.SiloPort), _settings.IsServer
            ? ports.Choose(_settings.GatewayPort)
            : 0, ports.Choose(_settings.TensorPort));
        ClusterSecret secret = await ClusterSecretStore.ReadAsync(_settings, cancellation);
        _parts = new SiloParts(_settings, _endpoints, _certificates, secret);
        _host = OrleansHost.Build(_settings, _endpoints, _parts, _certificates);
        var status = _host.Services.GetRequiredService<ISiloStatusOracle>();
        _readiness = new Readiness(status, _parts.Store, _settings.IsServer ? _settings.Runs : null);
        _api = await SiloApi.StartAsync(_settings, _host.Services.GetService<IRunService>(), _host.Services.GetService<ISweepService>(),
            _readiness, _metrics, _parts.Log, cancellation);
        await _host.StartAsync(cancellation);
        if (_host.Services.GetService<RunService>() is { } runs) await runs.AdoptAsync(cancellation);
        if (_host.Services.GetService<SweepService>() is { } sweeps) await sweeps.AdoptAsync(cancellation);
        _runs = new ActiveRuns(_parts.Store, _parts.Log);
        var beat = new SiloBeat(
            status.SiloAddress.ToParsableString(), _parts.Name, _parts.Silo.Address, _settings.IsServer, [.. _settings.Devices],
            Faults: []);
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        if (_settings.IsServer)
            _sweeps = new SweepWatch(_parts.Sweeps, sweep => grains.GetGrain<ISweepGrain>(sweep).LookAsync(), TimeProvider.System);
        _deleted = new DeletedRuns(_parts.Store, _parts.Silo, TimeProvider.System);
        _beats = new BeatThread(grains, _parts.Silo, beat, () => _runs.Ids);
    }

    private bool HasOtherServers()
    {
        IServiceProvider services = _host!.Services;
        var status = services.GetRequiredService<ISiloStatusOracle>();
        GrainType coordinator = services.GetRequiredService<IGrainFactory>().GetGrain<ICoordinatorGrain>("any").GetGrainId().Type;
        return services.GetRequiredService<IClusterManifestProvider>().Current.Silos.Any(silo =>
            silo.Key != status.SiloAddress
            && status.GetApproximateSiloStatus(silo.Key) == SiloStatus.Active
            && silo.Value.Grains.ContainsKey(coordinator));
    }

    private async Task WaitUntilUnusedAsync()
    {
        using var limit = new CancellationTokenSource(_settings.Grace);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (_parts!.Silo.IsInUse) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _parts!.Log("the grace time is over and work is still here; other silos continue it from the last checkpoint");
        }
    }
}
