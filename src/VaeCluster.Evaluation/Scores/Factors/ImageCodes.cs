namespace VaeCluster.Evaluation.Scores.Factors;

/// <summary>The moments of q(z|x) of images, one row of M per image.</summary>
/// <param name="Means">μ.</param>
/// <param name="LogVariances">log σ².</param>
internal sealed record ImageCodes(float[] Means, float[] LogVariances);
