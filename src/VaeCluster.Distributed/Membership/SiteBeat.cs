namespace VaeCluster.Distributed.Membership;

/// <summary>A silo's sign of life, with all that a coordinator must know of it. Sent several times a second by a thread that never computes.</summary>
public sealed record SiteBeat
{
    /// <summary>The version of everything that silos say to each other; another one is not understood.</summary>
    public const int CurrentWire = 2;

    /// <summary>The version that the silo speaks.</summary>
    public int Wire { get; init; } = CurrentWire;

    /// <summary>Names this incarnation of the silo: one that restarts has another.</summary>
    public required string Silo { get; init; }

    /// <summary>The silo's name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it takes tensors.</summary>
    public required SiteAddress Exchange { get; init; }

    /// <summary>Whether it may host parameter ranges.</summary>
    public required bool ServesRanges { get; init; }

    /// <summary>Its devices, a worker each; none on a silo that is no worker.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Whether it is about to leave: it gets no shards and no ranges from the next step on.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Workers of the run that failed, by device, with the reason in one line.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; init; } = new Dictionary<string, string>();
}
