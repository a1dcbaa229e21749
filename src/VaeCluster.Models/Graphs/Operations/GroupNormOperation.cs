using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// Group normalisation, example by example, as in PyTorch's GroupNorm: activation(scale_c·(x − m)/√(v + 10⁻⁵) + shift_c), with the mean m
/// and the variance v (divided by n) over the channels and positions of c's group. The first dimension is that of the channels; with one
/// group and without positions it is layer normalisation. Source: Wu and He, Group normalization (2018).
/// </summary>
/// <param name="Scale">Of shape [channels].</param>
/// <param name="Shift">Of shape [channels].</param>
/// <param name="Groups">Number of groups of consecutive channels; divides the channels.</param>
/// <param name="Activation">Applied to the result.</param>
public sealed record GroupNormOperation(ParameterSlice Scale, ParameterSlice Shift, int Groups, Activation Activation) : Operation
{
    /// <summary>Added to the variance, which may be 0.</summary>
    public const float Epsilon = 1e-5f;
}
