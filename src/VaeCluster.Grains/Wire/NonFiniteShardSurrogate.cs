using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="NonFiniteShard"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.NonFiniteShard")]
internal struct NonFiniteShardSurrogate
{
    /// <inheritdoc cref="NonFiniteShard.Shard"/>
    [Id(0)]
    public int Shard;

    /// <inheritdoc cref="NonFiniteShard.Examples"/>
    [Id(1)]
    public int[] Examples;

    /// <inheritdoc cref="NonFiniteShard.What"/>
    [Id(2)]
    public string What;
}
