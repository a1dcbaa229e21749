using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Exchange;
using VaeCluster.Grains;
using VaeCluster.Grains.Coordination;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Security;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Silo.Logs;
using VaeCluster.Silo.Options;
using VaeCluster.Silo.Security;
using VaeCluster.Silo.Standalone;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Training.Runs;

namespace VaeCluster.Silo.Hosting;

/// <summary>Configures Orleans with the grains of a silo's roles.</summary>
internal static class OrleansHost
{
    /// <summary>Builds the host without starting it.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="endpoints">The silo's ports.</param>
    /// <param name="parts">The silo's parts that do not depend on Orleans.</param>
    /// <param name="certificates">Certificates for TLS; null for no TLS.</param>
    internal static IHost Build(SiloSettings settings, Endpoints endpoints, SiloParts parts, PeerCertificates? certificates)
    {
        // Start empty, so that no settings file or environment variable of the framework changes what the silo does.
        var surroundings = new HostApplicationBuilderSettings { ApplicationName = "vaecluster-silo" };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(surroundings);
        SiloLogs.Configure(builder.Logging, settings.Verbose, settings.LogFormat);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(parts.Silo).AddSingleton(parts.Store);
        if (settings.IsServer) AddRuns(builder.Services, settings, parts);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
            silo.Configure<SiloOptions>(options => options.SiloName = parts.Name);
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Address;
                options.SiloPort = endpoints.Silo;
                options.GatewayPort = endpoints.Gateway;
                options.SiloListeningEndpoint = new IPEndPoint(settings.Address, endpoints.Silo);
                if (endpoints.Gateway > 0) options.GatewayListeningEndpoint = new IPEndPoint(settings.Address, endpoints.Gateway);
            });
            silo.Configure<ClusterMembershipOptions>(Watch);
            MembershipTime.AddTo(silo.Services);
            if (settings.Database is { } database)
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database.ConnectionString));
            else
                silo.Services.AddSingleton<IMembershipTable>(new FileMembership(settings.Runs, settings.ClusterId));
            if (certificates is not null) silo.UseTls(options => Secure(options, certificates));
            silo.Configure<SiloConnectionOptions>(options => Guard(options, parts));
            silo.Services.AddVaeClusterGrains(settings.IsWorker, settings.IsServer);
        });
        return builder.Build();
    }

    // A dead silo is detected in 2.3 to 3.9 s. With the defaults it takes up to 73 s, and after a power cut no cluster would form for
    // minutes.
    private static void Watch(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;
        options.EnableIndirectProbes = false;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(3);
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedTableIAmAliveLimit = 3;
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(25);
    }

    private static void AddRuns(IServiceCollection services, SiloSettings settings, SiloParts parts)
    {
        TrainingOptions training = TrainingSetup.Options(() => new ManagedEngine()) with
        {
            Datasets = parts.Silo.Datasets,
            Places = parts.Silo.Places.Find,
        };
        var catalog = new RunCatalog(settings.Runs);
        var gate = new DataGate(settings.Data);
        services.AddSingleton(provider => new CoordinatorOptions
        {
            Catalog = catalog,
            Driver = new RunDriverOptions { Store = parts.Store, Log = parts.Log },
            Execution = new DistributedExecutionOptions
            {
                Generations = parts.Store.Generations,
                Silo = parts.Silo,
                Links = new GrainLinks(provider.GetRequiredService<IGrainFactory>()),
                Training = training,
                Ranges = settings.Ranges,
                Lease = settings.Lease,
                MixedArithmetic = settings.MixedArithmetic,
            },
        });
        services.AddSingleton(provider => new RunService(
            new RunServiceOptions
            {
                Store = parts.Store,
                Catalog = catalog,
                Gate = gate,
                Training = training,
                Datasets = parts.Silo.Datasets,
                Workers = run => run.Training.Shards,
                PinsData = true,
            },
            new GrainRunHost(provider.GetRequiredService<IGrainFactory>(), parts.Log)));
        services.AddSingleton<IRunService>(provider => provider.GetRequiredService<RunService>());
        services.AddSingleton(provider => new SweepOptions { Keeper = Keeper(settings, parts, provider.GetRequiredService<RunService>()) });
        services.AddSingleton(provider => new SweepService(
            new SweepServiceOptions
            {
                Keeper = provider.GetRequiredService<SweepOptions>().Keeper,
                Gate = gate,
                Runs = provider.GetRequiredService<RunService>(),
            },
            new GrainSweepHost(provider.GetRequiredService<IGrainFactory>(), parts.Log)));
        services.AddSingleton<ISweepService>(provider => provider.GetRequiredService<SweepService>());
    }

    private static SweepKeeperOptions Keeper(SiloSettings settings, SiloParts parts, RunService runs)
    {
        var sweeps = new SweepCatalog(settings.Runs);
        return new SweepKeeperOptions
        {
            Store = parts.Sweeps,
            Catalog = sweeps,
            Trials = sweep => new ServiceTrials(new ServiceTrialsOptions
            {
                Sweep = sweep,
                Runs = runs,
                Catalog = new RunCatalog(settings.Runs),
                Engine = () => new ManagedEngine(),
                Datasets = parts.Silo.Datasets,
                Places = parts.Silo.Places.Find,
            }),
            Finishing = sweep =>
            {
                using var engine = new ManagedEngine();
                SweepReportWriter.Write(sweep, engine, trial => sweeps.PathOfTrial(sweep.TrialPath(trial.Folder)));
            },
            Log = parts.Log,
        };
    }

    private static void Guard(SiloConnectionOptions options, SiloParts parts)
    {
        var log = new LimitedLog(parts.Log, TimeProvider.System);
        options.ConfigureSiloOutboundConnection(connection => connection.DialWithSecret(parts.Secret, log));
        options.ConfigureSiloInboundConnection(connection => connection.AcceptWithSecret(parts.Secret, log));
        options.ConfigureGatewayInboundConnection(connection => connection.AcceptWithSecret(parts.Secret, log));
    }

    private static void Secure(TlsOptions options, PeerCertificates certificates)
    {
        options.LocalCertificate = certificates.Own;
        options.LocalServerCertificateSelector = (_, _) => certificates.Own;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Own;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => certificates.IsTrusted(certificate);
        options.OnAuthenticateAsClient = static (_, client) => client.TargetHost = "vaecluster";
    }
}
