using VaeCluster.Core.Numerics;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Reference;

/// <summary>Log-likelihoods of one pixel and their derivatives in float64.</summary>
internal static class ReferenceLikelihoods
{
    /// <summary>Whether an operation is a likelihood with a location and a scale.</summary>
    internal static bool HasLocationAndScale(Operation operation) =>
        operation is LaplaceLogLikelihoodOperation or DiscretizedLogisticLogLikelihoodOperation;

    /// <summary>log p(x) and its derivatives with respect to location and log-scale.</summary>
    internal static (double Value, double ByLocation, double ByLogScale) OfLocationAndScale(
        Operation operation, double location, double logScale, double x) =>
        operation switch
        {
            LaplaceLogLikelihoodOperation => Laplace(location, logScale, x),
            DiscretizedLogisticLogLikelihoodOperation logistic => DiscretizedLogistic(logistic.Levels, location, logScale, x),
            _ => throw new NotSupportedException($"{operation} has no location and scale"),
        };

    /// <summary>log p(x) of a continuous Bernoulli and its derivative with respect to the logit.</summary>
    internal static (double Value, double ByLogit) OfContinuousBernoulli(double logit, double x) =>
        ((x * logit) - ContinuousBernoulli.LogNormalizer(logit), x - ContinuousBernoulli.Mean(logit));

    private static (double Value, double ByLocation, double ByLogScale) Laplace(double location, double logScale, double x)
    {
        double inverse = Math.Exp(-logScale), error = Math.Abs(x - location) * inverse;
        return (-error - logScale - Math.Log(2), Math.Sign(x - location) * inverse, error - 1);
    }

    // F(x + h) − F(x − h) = σ(a) − σ(b) = σ(a)·σ(−b)·(1 − e^(b − a)); the lowest and highest level have only one factor.
    private static (
        double Value, double ByLocation, double ByLogScale) DiscretizedLogistic(int levels, double location, double logScale, double x)
    {
        double step = 1.0 / (levels - 1), inverse = Math.Exp(-logScale);
        double a = (x - location + (step / 2)) * inverse, b = (x - location - (step / 2)) * inverse, width = step * inverse;
        double value = 0, byLocation = 0, byLogScale = 0;
        bool isLowest = x < step / 2, isHighest = x > 1 - (step / 2);
        if (!isHighest)
        {
            value -= ReferenceFunctions.Softplus(-a);
            byLocation -= ReferenceFunctions.Sigmoid(-a) * inverse;
            byLogScale -= a * ReferenceFunctions.Sigmoid(-a);
        }

        if (!isLowest)
        {
            value -= ReferenceFunctions.Softplus(b);
            byLocation += ReferenceFunctions.Sigmoid(b) * inverse;
            byLogScale += b * ReferenceFunctions.Sigmoid(b);
        }

        if (isLowest || isHighest) return (value, byLocation, byLogScale);
        double covered = 1 - Math.Exp(-width);
        return (value + Math.Log(covered), byLocation, byLogScale - (width * Math.Exp(-width) / covered));
    }
}
