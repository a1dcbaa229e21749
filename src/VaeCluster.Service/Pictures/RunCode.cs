namespace VaeCluster.Service.Pictures;

/// <summary>The code of an example: the moments of q(z|x).</summary>
/// <param name="Example">The example's number in the evaluation split, from 0.</param>
/// <param name="Mean">μ.</param>
/// <param name="LogVariance">log σ².</param>
/// <param name="Step">The step of the weights.</param>
public sealed record RunCode(int Example, IReadOnlyList<float> Mean, IReadOnlyList<float> LogVariance, int Step);
