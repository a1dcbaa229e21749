using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="LossTerms"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.LossTerms")]
internal struct LossTermsSurrogate
{
    /// <inheritdoc cref="LossTerms.Loss"/>
    [Id(0)]
    public double Loss;

    /// <inheritdoc cref="LossTerms.Reconstruction"/>
    [Id(1)]
    public double Reconstruction;

    /// <inheritdoc cref="LossTerms.Kl"/>
    [Id(2)]
    public double Kl;
}

[RegisterConverter]
internal sealed class LossTermsConverter : IConverter<LossTerms, LossTermsSurrogate>
{
    public LossTerms ConvertFromSurrogate(in LossTermsSurrogate surrogate) => new(surrogate.Loss, surrogate.Reconstruction, surrogate.Kl);

    public LossTermsSurrogate ConvertToSurrogate(in LossTerms value) => new()
    {
        Loss = value.Loss,
        Reconstruction = value.Reconstruction,
        Kl = value.Kl,
    };
}
