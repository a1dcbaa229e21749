using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="NonFiniteShard"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class NonFiniteShardConverter : IConverter<NonFiniteShard, NonFiniteShardSurrogate>
{
    public NonFiniteShard ConvertFromSurrogate(in NonFiniteShardSurrogate surrogate) => new(surrogate.Shard, surrogate.Examples, surrogate.What);

    public NonFiniteShardSurrogate ConvertToSurrogate(in NonFiniteShard value) => new()
    {
        Shard = value.Shard,
        Examples = [.. value.Examples],
        What = value.What,
    };
}
