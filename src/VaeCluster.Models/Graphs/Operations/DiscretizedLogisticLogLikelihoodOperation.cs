namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log P(x) of each row for independent pixels with a discretised logistic distribution, in nats: Σ log(F(x + h) − F(x − h)), where F is
/// the logistic distribution function with location m and scale e^s, and h is half the distance between two levels in [0, 1]. The lowest
/// level extends to −∞ and the highest to +∞, so the probabilities of the levels sum to 1. Inputs: location m, log-scale s, x. s has the
/// size of m, or size 1 (one for all pixels); it may be per example or a parameter. No gradient flows into x.
/// Source: Salimans, Karpathy, Chen and Kingma, PixelCNN++ (2017), section 2.1.
/// </summary>
/// <param name="Levels">Number of values that a pixel can have: 0, 1/(levels − 1), …, 1.</param>
public sealed record DiscretizedLogisticLogLikelihoodOperation(int Levels = 256) : Operation;
