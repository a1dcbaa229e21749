using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using VaeCluster.Core;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Silos;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;
using VaeCluster.Service.Store;
using VaeCluster.Silo.Database;
using VaeCluster.Silo.Exchange;
using VaeCluster.Silo.Logs;
using VaeCluster.Silo.Options;
using VaeCluster.Silo.Security;

namespace VaeCluster.Silo.Hosting;

/// <summary>What a silo has beside Orleans: a store of runs, its silo with its devices, and the exchange of tensors.</summary>
internal sealed class SiloParts : IAsyncDisposable
{
    // For each direction between two silos of a machine: what is on its way of a middling model's gradient and weights.
    private const int SharedMemory = 8 << 20;

    private readonly ILoggerFactory _logs;
    private readonly NpgsqlDataSource? _database;
    private readonly TensorPeers _peers;
    private readonly TensorListener _listener;

    /// <summary>Opens everything; nothing is asked of the database yet.</summary>
    /// <param name="settings">What the silo is.</param>
    /// <param name="endpoints">Its ports.</param>
    /// <param name="certificates">TLS; null: none.</param>
    internal SiloParts(SiloSettings settings, Endpoints endpoints, PeerCertificates? certificates)
    {
        Name = settings.Name ?? NameOf(settings, endpoints);
        Data = new DataPlaces(settings.Data);
        _logs = LoggerFactory.Create(logs => SiloLogs.Configure(logs, settings.Verbose, settings.LogFormat));
        Log = SiloLogs.Lines(_logs);
        _database = settings.Database?.CreateDataSource();
        Store = _database is null ? new FileRunStore(settings.Runs) : new PostgresRunStore(_database);
        Sweeps = _database is null
            ? new FileRunStore(settings.Runs, FileRunStore.SweepsFile)
            : new PostgresRunStore(_database, PostgresRunStore.SweepsTable);
        var exchange = new ExchangeOptions
        {
            ClusterId = settings.ClusterId,
            Name = Name,
            ServerTls = certificates is null ? null : certificates.AsServer,
            ClientTls = certificates is null ? null : certificates.AsClient,
            SharedMemory = SharedMemory,
            Log = Log,
        };
        _peers = new TensorPeers(exchange);

        Silo = new LocalSilo(new LocalSiloOptions
        {
            Name = Name,
            Address = new SiloEndpoint($"{settings.Address}", endpoints.Tensor),
            Devices = DeviceEngines.Create(settings),
            Data = Data,
            Post = new PeerPost(_peers),
            Log = Log,
        });
        try
        {
            _listener = new TensorListener(new IPEndPoint(settings.Listens, endpoints.Tensor), Silo, exchange);
        }
        catch (SocketException fault)
        {
            string port = FormattableString.Invariant($"{endpoints.Tensor}");
            throw new BadInputException(settings.TensorPort.Source, null, port,
                $"a port that is free on this machine ({fault.Message})", fault);
        }
    }

    /// <summary>The silo's name.</summary>
    internal string Name { get; }

    /// <summary>Where it has data.</summary>
    internal DataPlaces Data { get; }

    /// <summary>Told what a person should know, in one line each.</summary>
    internal Action<string> Log { get; }

    /// <summary>The store of runs.</summary>
    internal IRunStore Store { get; }

    /// <summary>The store of sweeps.</summary>
    internal IRunStore Sweeps { get; }

    /// <summary>Its part in the runs.</summary>
    internal LocalSilo Silo { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _peers.Dispose();
        Silo.Dispose();
        if (_database is not null) await _database.DisposeAsync();
        _logs.Dispose();
    }

    private static string NameOf(SiloSettings settings, Endpoints endpoints)
    {
        if (settings.IsStandalone) return FormattableString.Invariant($"silo-{endpoints.Silo}");
        return settings.SiloPort.IsGiven
            ? FormattableString.Invariant($"{Environment.MachineName}-{endpoints.Silo}")
            : Environment.MachineName;
    }
}
