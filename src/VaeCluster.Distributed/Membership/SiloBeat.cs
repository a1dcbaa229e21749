using Orleans;

namespace VaeCluster.Distributed.Membership;

/// <summary>
/// A silo's sign of life, with all that a coordinator must know of it. Sent several times a second by a thread that never computes.
/// </summary>
/// <param name="Incarnation">Names this incarnation of the silo: one that restarts has another.</param>
/// <param name="Name">The silo's name, for people.</param>
/// <param name="Exchange">Where it takes tensors.</param>
/// <param name="ServesRanges">Whether it may host parameter ranges.</param>
/// <param name="Devices">Its devices, a worker each; none on a silo that is no worker.</param>
/// <param name="Faults">Workers of the run that failed, by device, with the reason in one line.</param>
/// <param name="IsDraining">Whether it is about to leave: it gets no shards and no ranges from the next step on.</param>
/// <param name="Wire">The version that the silo speaks.</param>
/// <param name="Strangers">Who sent the silo gradients of the run without being a worker of it, in a line each; null: nobody.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.SiloBeat")]
public sealed record SiloBeat(
    [Id(1)] string Incarnation,
    [Id(2)] string Name,
    [Id(3)] SiloEndpoint Exchange,
    [Id(4)] bool ServesRanges,
    [Id(5)] string[] Devices,
    [Id(7)] Dictionary<string, string> Faults,
    [Id(6)] bool IsDraining = false,
    [Id(0)] int Wire = SiloBeat.CurrentWire,
    [Id(8)] string[]? Strangers = null)
{
    /// <summary>The version of everything that silos say to each other; another one is not understood.</summary>
    public const int CurrentWire = 3;
}
