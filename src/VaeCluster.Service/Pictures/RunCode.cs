namespace VaeCluster.Service.Pictures;

/// <summary>The code of an example: the moments of q(z|x).</summary>
/// <param name="Example">The example, from 0, in the judged split.</param>
/// <param name="Mean">μ.</param>
/// <param name="LogVariance">log σ².</param>
/// <param name="Step">Steps that the weights have seen.</param>
public sealed record RunCode(int Example, IReadOnlyList<float> Mean, IReadOnlyList<float> LogVariance, int Step);
