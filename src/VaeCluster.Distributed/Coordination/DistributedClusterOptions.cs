using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;

namespace VaeCluster.Distributed.Coordination;

/// <summary>What the cluster of one run is made of.</summary>
public sealed record DistributedClusterOptions
{
    /// <summary>The run.</summary>
    public required RunTicket Ticket { get; init; }

    /// <summary>The coordinator's own silo.</summary>
    public required LocalSilo Silo { get; init; }

    /// <summary>Who is alive.</summary>
    public required ClusterRoster Roster { get; init; }

    /// <summary>Ways to the others.</summary>
    public required IClusterLinks Links { get; init; }

    /// <summary>The flat vector.</summary>
    public required ParameterLayout Layout { get; init; }

    /// <summary>Moments of the optimiser.</summary>
    public required int Moments { get; init; }

    /// <summary>Shards of a batch.</summary>
    public required int Shards { get; init; }

    /// <summary>Numbers that the examples of a batch exchange before its gradient is computed; 0: nothing couples them.</summary>
    public int ExchangeLength { get; init; }

    /// <summary>Most workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>Ranges of the vector; null: one a silo that serves ranges.</summary>
    public int? Ranges { get; init; }

    /// <summary>How long nobody must come or go before ranges are dealt, so that a cluster that just forms is used whole.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a worker that beats may take for its shards before others get them too.</summary>
    public TimeSpan StragglerPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the step in progress may still take once the run is told to stop; then it is given up.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call about a range may take.</summary>
    public TimeSpan CallPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The arithmetic that the run's workers must state; null: that of the first worker.</summary>
    public string? Arithmetic { get; init; }

    /// <summary>Whether workers of other arithmetic are taken; the weights then depend on who computes what (no promise P1).</summary>
    public bool MixedArithmetic { get; init; }

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Clock of everything waited for.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
