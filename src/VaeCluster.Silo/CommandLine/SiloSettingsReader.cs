using System.CommandLine;
using System.Globalization;
using System.Net;
using VaeCluster.Core;
using VaeCluster.Engine.Torch;
using VaeCluster.Server.Http;
using VaeCluster.Server.Logs;
using VaeCluster.Silo.Database;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.CommandLine;

/// <summary>Reads and checks a silo's options together.</summary>
internal sealed class SiloSettingsReader
{
    private readonly Setting _standalone = new(
        "--standalone", null, "A cluster of the silos on this machine that share a folder of runs; needs no database.");
    private readonly Setting _database = DatabaseSetting();
    private readonly Setting _role = new(
        "--role", "worker|server|both", "Compute, coordinate runs and hold parameters, or both (the default).");
    private readonly Setting _devices = new("--devices", "LIST",
        "Devices to compute on, one worker each: cpu:0,cpu:1 or cuda:0,cuda:1 (default cpu:0).");
    private readonly Setting _engine = new(
        "--engine", "managed|torch",
        "Engine for cpu:N: our own (managed, the default) or TorchSharp (torch); on cuda:N it is always TorchSharp.");
    private readonly Setting _precision = new("--precision", "WORD", "Number format of TorchSharp: float32 (default), tf32 or bfloat16.");
    private readonly Setting _intraOp = new("--intra-op-threads", "N",
        "Threads of libtorch within an operation (default 1); they change the bits of the weights.");
    private readonly Setting _name = new("--name", "NAME", "The silo's name in messages (default: made of machine and port).", "POD_NAME");
    private readonly Setting _cluster = new(
        "--cluster-id", "NAME", "Silos with the same id form one cluster (default vaecluster).", "ORLEANS_CLUSTER_ID");
    private readonly Setting _service = new(
        "--service-id", "NAME", "Orleans' service id (default: the cluster's id).", "ORLEANS_SERVICE_ID");
    private readonly Setting _address = new(
        "--address", "HOST", "Address at which other silos reach this one, and at which its ports for them listen (default: the machine's first one; with --standalone 127.0.0.1).",
        "POD_IP");
    private readonly Setting _secret = new(
        "--cluster-secret-file", "FILE",
        "File with the secret that all silos of the cluster prove to each other (default: made by the first silo, in the folder of runs or the database).");
    private readonly Setting _siloPort = new(
        "--silo-port", "PORT", "Port for other silos (default 11111; with --standalone the next free one).");
    private readonly Setting _gatewayPort = new(
        "--gateway-port", "PORT", "Port for Orleans clients (default 30000; with --standalone the next free one).");
    private readonly Setting _tensorPort = new(
        "--tensor-port", "PORT", "Port for tensors (default 11211; with --standalone the next free one).");
    private readonly Setting _urls = new(
        "--urls", "URLS", $"Addresses that HTTP listens on, separated by ';' (default {ApiServerOptions.DefaultUrl}). A worker answers only /health.");
    private readonly Setting _token = new(
        "--token-file", "FILE",
        "File with the token that API callers must send; required for access from other machines. Or VAECLUSTER_TOKEN.");
    private readonly Setting _viewer = new("--viewer-token-file", "FILE", "File with a token for read-only access.");
    private readonly Setting _otlp = new(
        "--otlp", "URL", "Send metrics and traces to this OpenTelemetry collector; or set OTEL_EXPORTER_OTLP_ENDPOINT.");
    private readonly Setting _logFormat = new("--log-format", "lines|json",
        "Log format: lines (default), or json with one object per line.");
    private readonly Setting _runs = new("--runs", "DIR", "Folder of the runs, shared by all server silos (default runs).");
    private readonly Setting _ranges = new(
        "--ranges", "N", "Parameter ranges (default: one per server silo); the weights do not depend on them.");
    private readonly Setting _lease = new(
        "--lease", "SECONDS", "How long after its last heartbeat a silo counts as alive (default 1.5).");
    private readonly Setting _mixed = new(
        "--mixed-arithmetic", null, "Allow workers whose arithmetic differs; the weights then depend on which worker computes what.");
    private readonly Setting _grace = new(
        "--grace", "SECONDS", "How long work may take to move to other silos when this one stops (default 30).",
        "DOTNET_SHUTDOWNTIMEOUTSECONDS");
    private readonly Setting _certificate = new("--certificate", "PEM", "Certificate of this silo, for mutual TLS between silos.");
    private readonly Setting _key = new("--certificate-key", "PEM", "The private key of the certificate.");
    private readonly Setting _authority = new(
        "--certificate-authority", "PEM", "The authority that must have signed the certificates of all silos.");
    private readonly Setting _peerName = new(
        "--peer-name", "NAME", "DNS name that the certificates of all silos must be for, where the authority signs others too (default: any).");
    private readonly Setting _verbose = new("--verbose", null, "Also log what Orleans does.");
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Folder of data that runs may read; can be repeated.",
        HelpName = "DIR",
    };

    /// <summary>The options of a verb.</summary>
    internal IEnumerable<Option> Options =>
        [.. Settings.Take(7).Select(setting => setting.Option), _data, .. Settings.Skip(7).Select(setting => setting.Option)];

    /// <summary>The options that choose devices and engine.</summary>
    internal IEnumerable<Option> DeviceOptions => [_devices.Option, _engine.Option];

    private Setting[] Settings =>
    [
        _standalone, _database, _role, _devices, _engine, _precision, _intraOp, _runs, _urls, _token, _viewer, _name, _cluster, _service,
        _secret, _address, _siloPort, _gatewayPort, _tensorPort,
        _ranges, _lease, _grace, _mixed, _certificate, _key, _authority, _peerName, _otlp, _logFormat, _verbose,
    ];

    internal static Setting DatabaseSetting() =>
        new("--database", "TEXT", "Address of the cluster's PostgreSQL: Host=…;Database=…;Username=…;Password=…");

    /// <summary>Reads all options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="BadInputException">A value cannot be used.</exception>
    internal SiloSettings Read(ParseResult parsed)
    {
        bool standalone = _standalone.IsOn(parsed);
        SettingValue? database = _database.Read(parsed);
        if (standalone == database is not null)
        {
            string wanted = standalone
                ? "give one of them, not both"
                : "give one of them: --standalone for a cluster on this machine only, --database for one across several machines";
            throw new BadInputException("--standalone, --database", null, null, wanted);
        }

        (bool isWorker, bool isServer) = Role(parsed);
        string cluster = _cluster.Read(parsed)?.Name() ?? "vaecluster";
        IPAddress address = _address.Read(parsed)?.Address() ?? (standalone ? IPAddress.Loopback : OwnAddress.Find());
        PortSetting siloPort = Port(parsed, _siloPort, 11111);
        return new SiloSettings
        {
            Database = database is null ? null : DatabaseAddress.Parse(database.Text, database.Source),
            IsWorker = isWorker,
            IsServer = isServer,
            Devices = isWorker ? Devices(parsed) : [],
            ComputesWithTorch = ReadsTorch(parsed),
            Precision = _precision.Read(parsed) switch
            {
                null or { Text: "float32" } => TorchPrecision.Float32,
                { Text: "tf32" } => TorchPrecision.Tf32,
                { Text: "bfloat16" } => TorchPrecision.BFloat16,
                { } other => throw other.Refuse("float32, tf32 or bfloat16"),
            },
            IntraOpThreads = _intraOp.Read(parsed)?.Count(1, 1024) ?? 1,
            Name = _name.Read(parsed)?.Name(),
            ClusterId = cluster,
            ServiceId = _service.Read(parsed)?.Name() ?? cluster,
            Address = address,
            SecretFile = _secret.Read(parsed)?.Text,
            SiloPort = siloPort,
            GatewayPort = Port(parsed, _gatewayPort, 30000),
            TensorPort = Port(parsed, _tensorPort, 11211),
            Urls = _urls.Read(parsed)?.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Token = BearerToken.Read(_token.Read(parsed)?.Text),
            ViewerToken = _viewer.Read(parsed) is { } viewer ? BearerToken.ReadFile(viewer.Text, viewer.Source) : null,
            Otlp = _otlp.Read(parsed)?.Text,
            LogFormat = _logFormat.Read(parsed) switch
            {
                null or { Text: "lines" } => LogFormat.Lines,
                { Text: "json" } => LogFormat.Json,
                { } other => throw other.Refuse("lines or json"),
            },
            Runs = Path.GetFullPath(_runs.Read(parsed)?.Text ?? "runs"),
            Data = Data(parsed),
            Ranges = _ranges.Read(parsed)?.Count(1, 1024),
            Lease = _lease.Read(parsed)?.Seconds(0.5, 60) ?? TimeSpan.FromSeconds(1.5),
            MixedArithmetic = _mixed.IsOn(parsed),
            Grace = _grace.Read(parsed)?.Seconds(0, 3600) ?? TimeSpan.FromSeconds(30),
            Certificates = Certificates(parsed),
            Verbose = _verbose.IsOn(parsed),
        };
    }

    /// <summary>Reads only the devices.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The devices; null if none are named.</returns>
    /// <exception cref="BadInputException">The value is not a list of devices.</exception>
    internal IReadOnlyList<string>? ReadDevices(ParseResult parsed) => _devices.Read(parsed) is null ? null : Devices(parsed);

    /// <summary>Reads only whether TorchSharp is used on CPUs as well.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="BadInputException">The value is not an engine.</exception>
    internal bool ReadsTorch(ParseResult parsed) => _engine.Read(parsed) switch
    {
        null or { Text: "managed" } => false,
        { Text: "torch" } => true,
        { } other => throw other.Refuse("managed or torch"),
    };

    private (bool IsWorker, bool IsServer) Role(ParseResult parsed) => _role.Read(parsed) switch
    {
        null or { Text: "both" } => (true, true),
        { Text: "worker" } => (true, false),
        { Text: "server" } => (false, true),
        { } other => throw other.Refuse("worker, server or both"),
    };

    private string[] Devices(ParseResult parsed)
    {
        SettingValue list = _devices.Read(parsed) ?? new SettingValue(_devices.Option.Name, "cpu:0");
        string[] devices = list.Text.Split(',', StringSplitOptions.TrimEntries);
        foreach (string device in devices)
        {
            string[] parts = device.Split(':');
            bool isKnown = parts is ["cpu" or "cuda", var number]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && number == index.ToString(CultureInfo.InvariantCulture);
            if (!isKnown) throw list.Refuse("devices such as cpu:0,cpu:1 or cuda:0");
        }

        return devices.Distinct().Count() == devices.Length ? devices : throw list.Refuse("each device once");
    }

    private string[] Data(ParseResult parsed)
    {
        string[] folders = parsed.GetValue(_data) ?? [];
        string variable = Setting.VariableOf(_data.Name);
        string source = folders.Length > 0 ? _data.Name : variable;
        if (folders.Length == 0)
            folders = (Environment.GetEnvironmentVariable(variable) ?? string.Empty)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (string folder in folders)
            if (!Directory.Exists(folder)) throw new BadInputException(source, null, folder, "an existing folder");
        return [.. folders.Select(Path.GetFullPath)];
    }

    private CertificateFiles? Certificates(ParseResult parsed)
    {
        Setting[] settings = [_certificate, _key, _authority];
        string?[] files = [.. settings.Select(setting => setting.Read(parsed)?.Text)];
        string? peerName = _peerName.Read(parsed)?.Name();
        if (Array.TrueForAll(files, file => file is null))
        {
            return peerName is null ? null : throw new BadInputException(
                _peerName.Option.Name, null, peerName, "needs --certificate, --certificate-key and --certificate-authority");
        }

        int missing = Array.IndexOf(files, null);
        return missing < 0
            ? new CertificateFiles(files[0]!, files[1]!, files[2]!, peerName)
            : throw new BadInputException(settings[missing].Option.Name, null, null,
                "is missing; certificate, key and authority are given together");
    }

    private static PortSetting Port(ParseResult parsed, Setting setting, int standard) => setting.Read(parsed) is { } given
        ? new PortSetting(given.Source, given.Count(1, 65535), IsGiven: true)
        : new PortSetting(setting.Option.Name, standard, IsGiven: false);
}
