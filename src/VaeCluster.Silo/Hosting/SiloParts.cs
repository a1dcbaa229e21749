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

/// <summary>The parts of a silo that do not depend on Orleans: stores, devices and the exchange of tensors.</summary>
internal sealed class SiloParts : IAsyncDisposable
{
    // Bytes for each direction between two silos of a machine: enough for the gradients and weights of a medium model that are in transit.
    private const int SharedMemory = 8 << 20;

    private readonly ILoggerFactory _logs;
    private readonly NpgsqlDataSource? _database;
    private readonly TensorPeers _peers;
    private readonly TensorListener _listener;

    /// <summary>Opens everything, without contacting the database.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="endpoints">The silo's ports.</param>
    /// <param name="certificates">Certificates for TLS; null for no TLS.</param>
    /// <param name="secret">The cluster's secret.</param>
    internal SiloParts(SiloSettings settings, Endpoints endpoints, PeerCertificates? certificates, ClusterSecret secret)
    {
        Secret = secret;
        Name = settings.Name ?? NameOf(settings, endpoints);
        Data = new DataPlaces(settings.Data);
        _logs = LoggerFactory.Create(logs => SiloLogs.Configure(logs, settings.Verbose, settings.LogFormat));
        Log = SiloLogs.Lines(_logs);
        _database = settings.Database?.CreateDataSource();
        Store = _database is null ? new FileRunStore(settings.Runs) : new PostgresRunStore(_database);
        Sweeps = _database is null
            ? new FileRunStore(settings.Runs, FileRunStore.SweepsFile)
            : new PostgresRunStore(_database, PostgresRunStore.SweepsTable);
        var address = new SiloEndpoint($"{settings.Address}", endpoints.Tensor);
        var exchange = new ExchangeOptions
        {
            ClusterId = settings.ClusterId,
            Name = Name,
            Secret = secret,
            Endpoint = address.ToString(),
            ServerTls = certificates is null ? null : certificates.AsServer,
            ClientTls = certificates is null ? null : certificates.AsClient,
            SharedMemory = SharedMemory,
            Log = Log,
        };
        _peers = new TensorPeers(exchange);

        Silo = new LocalSilo(new LocalSiloOptions
        {
            Name = Name,
            Address = address,
            Devices = DeviceEngines.Create(settings),
            Data = Data,
            Post = new PeerPost(_peers),
            Log = Log,
        });
        try
        {
            _listener = new TensorListener(new IPEndPoint(settings.Address, endpoints.Tensor), Silo, exchange);
        }
        catch (SocketException fault)
        {
            string port = FormattableString.Invariant($"{endpoints.Tensor}");
            throw new BadInputException(settings.TensorPort.Source, null, port,
                $"a free port on this machine ({fault.Message})", fault);
        }
    }

    /// <summary>The silo's name.</summary>
    internal string Name { get; }

    /// <summary>The cluster's secret.</summary>
    internal ClusterSecret Secret { get; }

    /// <summary>Finds data in the silo's data folders.</summary>
    internal DataPlaces Data { get; }

    /// <summary>Receives notices for the operator, one line each.</summary>
    internal Action<string> Log { get; }

    /// <summary>The run store.</summary>
    internal IRunStore Store { get; }

    /// <summary>The sweep store.</summary>
    internal IRunStore Sweeps { get; }

    /// <summary>The silo's workers and ranges.</summary>
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
