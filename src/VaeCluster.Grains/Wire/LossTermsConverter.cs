using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="LossTerms"/> into what crosses the wire, and back.</summary>
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
