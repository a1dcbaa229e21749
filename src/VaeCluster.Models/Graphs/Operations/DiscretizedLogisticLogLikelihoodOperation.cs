namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log P(x) of each row under independent logistic pixels that are cut into levels, in nats: Σ log(F(x + h) − F(x − h)), F the logistic
/// distribution function with location m and scale e^s, h half the distance of two levels in [0, 1]. The lowest level reaches down to −∞ and the
/// highest up to +∞, so that the levels' probabilities sum to 1. Inputs: location m, log-scale s, x. s has the size of m, or size 1 (one for all
/// pixels); it may be per example or a parameter. No gradient flows into x.
/// Source: Salimans, Karpathy, Chen and Kingma, PixelCNN++ (2017), section 2.1.
/// </summary>
/// <param name="Levels">How many values a pixel has: 0, 1/(levels − 1), …, 1.</param>
public sealed record DiscretizedLogisticLogLikelihoodOperation(int Levels = 256) : Operation;
