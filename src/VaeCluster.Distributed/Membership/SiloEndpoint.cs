using Orleans;

namespace VaeCluster.Distributed.Membership;

/// <summary>Where a silo takes tensors.</summary>
/// <param name="Host">A name or address that the other silos reach it by.</param>
/// <param name="Port">The port of its tensor listener.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.SiloEndpoint")]
public readonly record struct SiloEndpoint([Id(0)] string Host, [Id(1)] int Port)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Host}:{Port}");
}
