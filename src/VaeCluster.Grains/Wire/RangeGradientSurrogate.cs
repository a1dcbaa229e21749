using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="RangeGradient"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.RangeGradient")]
internal struct RangeGradientSurrogate
{
    /// <inheritdoc cref="RangeGradient.Terms"/>
    [Id(0)]
    public LossTerms Terms;

    /// <inheritdoc cref="RangeGradient.Squares"/>
    [Id(1)]
    public double[] Squares;
}
