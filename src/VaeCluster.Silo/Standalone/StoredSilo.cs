using System.Globalization;
using System.Text.Json.Serialization;

namespace VaeCluster.Silo.Standalone;

/// <summary>A silo of this machine, as stored in the membership file.</summary>
internal sealed record StoredSilo
{
    /// <summary>Its incarnation, as <see cref="SiloAddress.ToParsableString"/> writes it.</summary>
    public required string Address { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its machine.</summary>
    public required string Host { get; init; }

    /// <summary>Orleans' status of the silo.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<SiloStatus>))]
    public required SiloStatus Status { get; init; }

    /// <summary>Its port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>When it started.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Its last heartbeat.</summary>
    public required DateTime Alive { get; init; }

    /// <summary>Which silos suspect it, and since when: <c>address time</c>.</summary>
    public IReadOnlyList<string> Suspicions { get; init; } = [];

    /// <summary>Its process.</summary>
    public required ProcessIdentity Process { get; init; }

    /// <summary>The version of the table in which it last changed.</summary>
    public int Version { get; init; }

    /// <summary>Converts Orleans' row of this silo.</summary>
    /// <param name="entry">Orleans' row of this silo.</param>
    /// <param name="process">The silo's process.</param>
    internal static StoredSilo From(MembershipEntry entry, ProcessIdentity process) => new()
    {
        Address = entry.SiloAddress.ToParsableString(),
        Name = entry.SiloName,
        Host = entry.HostName,
        Status = entry.Status,
        GatewayPort = entry.ProxyPort,
        Started = entry.StartTime,
        Alive = entry.IAmAliveTime,
        Suspicions = [.. (entry.SuspectTimes ?? []).Select(suspect => string.Create(
            CultureInfo.InvariantCulture, $"{suspect.Item1.ToParsableString()} {suspect.Item2:O}"))],
        Process = process,
    };

    /// <summary>Orleans' row of this silo.</summary>
    internal MembershipEntry ToEntry() => new()
    {
        SiloAddress = SiloAddress.FromParsableString(Address),
        SiloName = Name,
        HostName = Host,
        Status = Status,
        ProxyPort = GatewayPort,
        StartTime = Started,
        IAmAliveTime = Alive,
        SuspectTimes = [.. Suspicions.Select(text => text.Split(' ')).Select(parts => Tuple.Create(
            SiloAddress.FromParsableString(parts[0]), DateTime.Parse(parts[1], CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind)))],
    };
}
