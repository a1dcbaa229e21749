using System.Net;
using VaeCluster.Engine.Torch;
using VaeCluster.Server.Logs;
using VaeCluster.Silo.Database;

namespace VaeCluster.Silo.Options;

/// <summary>What a silo is told to be, checked as far as that goes without touching network or disk.</summary>
internal sealed record SiloSettings
{
    /// <summary>The cluster's database; null: the silos of this machine are the cluster.</summary>
    internal required DatabaseAddress? Database { get; init; }

    /// <summary>Whether the silos of this machine are the cluster.</summary>
    internal bool IsStandalone => Database is null;

    /// <summary>Whether it computes.</summary>
    internal required bool IsWorker { get; init; }

    /// <summary>Whether it coordinates runs, holds parameters and takes runs over HTTP.</summary>
    internal required bool IsServer { get; init; }

    /// <summary>Its devices; none on a silo that is no worker.</summary>
    internal required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Whether TorchSharp computes on <c>cpu:N</c> too.</summary>
    internal required bool ComputesWithTorch { get; init; }

    /// <summary>What TorchSharp computes in.</summary>
    internal required TorchPrecision Precision { get; init; }

    /// <summary>Threads of libtorch within an operation.</summary>
    internal required int IntraOpThreads { get; init; }

    /// <summary>Its name; null: made of machine and port.</summary>
    internal required string? Name { get; init; }

    /// <summary>Its cluster.</summary>
    internal required string ClusterId { get; init; }

    /// <summary>Orleans' name of what the cluster is.</summary>
    internal required string ServiceId { get; init; }

    /// <summary>Where other silos reach it.</summary>
    internal required IPAddress Address { get; init; }

    /// <summary>Where it listens: this machine's own silos need no other.</summary>
    internal IPAddress Listens => IsStandalone ? Address : new IPAddress(new byte[Address.GetAddressBytes().Length]);

    /// <summary>Port for silos.</summary>
    internal required PortSetting SiloPort { get; init; }

    /// <summary>Port for Orleans clients.</summary>
    internal required PortSetting GatewayPort { get; init; }

    /// <summary>Port for tensors.</summary>
    internal required PortSetting TensorPort { get; init; }

    /// <summary>Where HTTP listens; null: the default, or beside other silos of a standalone cluster the next free port.</summary>
    internal required IReadOnlyList<string>? Urls { get; init; }

    /// <summary>What callers of the API must send; null: only this machine may call.</summary>
    internal required string? Token { get; init; }

    /// <summary>What callers send who may only look; null: there are none.</summary>
    internal required string? ViewerToken { get; init; }

    /// <summary>Where metrics and traces are sent; null: where the variables say, else nowhere.</summary>
    internal required string? Otlp { get; init; }

    /// <summary>How to log.</summary>
    internal required LogFormat LogFormat { get; init; }

    /// <summary>The folder of runs, absolute.</summary>
    internal required string Runs { get; init; }

    /// <summary>Folders of data, absolute.</summary>
    internal required IReadOnlyList<string> Data { get; init; }

    /// <summary>Ranges of the parameters; null: one a server silo.</summary>
    internal required int? Ranges { get; init; }

    /// <summary>How long a silo lives after its last sign of life.</summary>
    internal required TimeSpan Lease { get; init; }

    /// <summary>Whether workers of other arithmetic are taken.</summary>
    internal required bool MixedArithmetic { get; init; }

    /// <summary>How long work may take to move away when it leaves.</summary>
    internal required TimeSpan Grace { get; init; }

    /// <summary>TLS between silos; null: none.</summary>
    internal required CertificateFiles? Certificates { get; init; }

    /// <summary>Whether to log what Orleans does.</summary>
    internal required bool Verbose { get; init; }
}
