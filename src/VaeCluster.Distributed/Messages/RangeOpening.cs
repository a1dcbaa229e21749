using Orleans;
using VaeCluster.Distributed.Membership;

namespace VaeCluster.Distributed.Messages;

/// <summary>What a parameter server needs to take over a range.</summary>
/// <param name="Ticket">The run.</param>
/// <param name="Generation">The incarnation that it serves; older ones are refused from now on.</param>
/// <param name="Ranges">Into how many ranges the vector is cut.</param>
/// <param name="Range">Which one this is, from 0.</param>
/// <param name="Step">Steps that the weights to come have seen.</param>
/// <param name="Subscribers">Silos that get every version of the weights.</param>
/// <param name="Coordinator">The silo that is told of every root; null: nobody is, and the coordinator asks.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RangeOpening")]
public sealed record RangeOpening(
    [Id(0)] RunTicket Ticket,
    [Id(1)] int Generation,
    [Id(2)] int Ranges,
    [Id(3)] int Range,
    [Id(4)] int Step,
    [Id(5)] SiloEndpoint[] Subscribers,
    [Id(6)] SiloEndpoint? Coordinator = null);
