using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="NonFiniteShard"/>. An id is never reused for another member.</summary>
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

[RegisterConverter]
internal sealed class NonFiniteShardConverter : IConverter<NonFiniteShard, NonFiniteShardSurrogate>
{
    public NonFiniteShard ConvertFromSurrogate(in NonFiniteShardSurrogate surrogate) =>
        new(surrogate.Shard, surrogate.Examples, surrogate.What);

    public NonFiniteShardSurrogate ConvertToSurrogate(in NonFiniteShard value) => new()
    {
        Shard = value.Shard,
        Examples = [.. value.Examples],
        What = value.What,
    };
}
