using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Architectures;

/// <summary>The parameters of a normalised layer.</summary>
/// <param name="Scale">A factor for each channel, 1 at first.</param>
/// <param name="Shift">A summand for each channel, 0 at first.</param>
/// <param name="Groups">Number of groups of channels.</param>
internal sealed record NormLayer(ParameterSlice Scale, ParameterSlice Shift, int Groups);
