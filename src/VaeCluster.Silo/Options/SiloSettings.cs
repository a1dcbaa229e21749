using System.Net;
using VaeCluster.Engine.Torch;
using VaeCluster.Server.Logs;
using VaeCluster.Silo.Database;

namespace VaeCluster.Silo.Options;

/// <summary>The settings of a silo, checked as far as possible without network or disk.</summary>
internal sealed record SiloSettings
{
    /// <summary>The cluster's database; null for a standalone cluster.</summary>
    internal required DatabaseAddress? Database { get; init; }

    /// <summary>Whether the cluster is standalone: silos of one machine that share a folder of runs.</summary>
    internal bool IsStandalone => Database is null;

    /// <summary>Whether the silo has workers.</summary>
    internal required bool IsWorker { get; init; }

    /// <summary>Whether the silo coordinates runs, hosts ranges and serves the HTTP API.</summary>
    internal required bool IsServer { get; init; }

    /// <summary>The silo's devices; empty if it has no workers.</summary>
    internal required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Whether TorchSharp is used on <c>cpu:N</c> as well.</summary>
    internal required bool ComputesWithTorch { get; init; }

    /// <summary>TorchSharp's number format.</summary>
    internal required TorchPrecision Precision { get; init; }

    /// <summary>Threads that libtorch uses within an operation.</summary>
    internal required int IntraOpThreads { get; init; }

    /// <summary>The silo's name; null to derive it from machine and port.</summary>
    internal required string? Name { get; init; }

    /// <summary>The cluster's id.</summary>
    internal required string ClusterId { get; init; }

    /// <summary>Orleans' service id.</summary>
    internal required string ServiceId { get; init; }

    /// <summary>The address at which other silos reach this one, and the only one at which its ports for silos listen.</summary>
    internal required IPAddress Address { get; init; }

    /// <summary>
    /// The file with the cluster's secret; null: it is in the folder of runs, or in the database, where the first silo puts it.
    /// </summary>
    internal required string? SecretFile { get; init; }

    /// <summary>Port for silos.</summary>
    internal required PortSetting SiloPort { get; init; }

    /// <summary>Port for Orleans clients.</summary>
    internal required PortSetting GatewayPort { get; init; }

    /// <summary>Port for tensors.</summary>
    internal required PortSetting TensorPort { get; init; }

    /// <summary>
    /// Addresses that HTTP listens on; null for the default, or the next free port next to other silos of a standalone cluster.
    /// </summary>
    internal required IReadOnlyList<string>? Urls { get; init; }

    /// <summary>The token that API callers must send; null if only this machine may call.</summary>
    internal required string? Token { get; init; }

    /// <summary>The token for read-only access; null for none.</summary>
    internal required string? ViewerToken { get; init; }

    /// <summary>The OpenTelemetry collector; null to use the standard variables, or none.</summary>
    internal required string? Otlp { get; init; }

    /// <summary>The log format.</summary>
    internal required LogFormat LogFormat { get; init; }

    /// <summary>The absolute path of the folder of runs.</summary>
    internal required string Runs { get; init; }

    /// <summary>Absolute paths of the data folders.</summary>
    internal required IReadOnlyList<string> Data { get; init; }

    /// <summary>Number of ranges; null for one per server silo.</summary>
    internal required int? Ranges { get; init; }

    /// <summary>How long a silo counts as alive after its last heartbeat.</summary>
    internal required TimeSpan Lease { get; init; }

    /// <summary>Whether workers whose arithmetic differs may take part in one run.</summary>
    internal required bool MixedArithmetic { get; init; }

    /// <summary>How long work may take to move to other silos when this one leaves.</summary>
    internal required TimeSpan Grace { get; init; }

    /// <summary>Certificates for TLS between silos; null for no TLS.</summary>
    internal required CertificateFiles? Certificates { get; init; }

    /// <summary>Whether to log Orleans' informational messages too.</summary>
    internal required bool Verbose { get; init; }
}
