using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>
/// Likelihoods that need more than a few operations, in float32: autograd differentiates them. Where a formula holds on one side of a limit
/// only, it is given a harmless argument on the other, since 0 · ∞ would come back as NaN through the selection.
/// </summary>
internal static class LikelihoodOperations
{
    /// <summary>−Σ |x − m|·e^−s + s + log 2 of each row.</summary>
    /// <param name="location">m.</param>
    /// <param name="logScale">s, one a pixel or one for all.</param>
    /// <param name="x">The pixels.</param>
    internal static Tensor Laplace(Tensor location, Tensor logScale, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor density = ((x - location).abs() * (-logScale).exp()) + logScale + (float)Math.Log(2);
        return (-density.sum(1, keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>Σ x·l − A(l) of each row.</summary>
    /// <param name="logits">l.</param>
    /// <param name="x">The pixels.</param>
    internal static Tensor ContinuousBernoulli(Tensor logits, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor size = logits.abs(), isNear = size < 1f;
        Tensor near = where(isNear, logits, zeros_like(logits)), far = where(isNear, ones_like(logits), size), z = near * near;
        Tensor series = (near * 0.5f) + (z * Series(z, 1.0 / 24, -1.0 / 2880, 1.0 / 181_440, -1.0 / 9_676_800, 1.0 / 479_001_600));
        Tensor formula = logits.relu() + ((1f - (-far).exp()) / far).log();
        return ((x * logits) - where(isNear, series, formula)).sum(1, keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>1/(1 − e^−l) − 1/l of each element.</summary>
    /// <param name="logits">l.</param>
    internal static Tensor ContinuousBernoulliMean(Tensor logits)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor size = logits.abs(), isNear = size < 1f;
        Tensor near = where(isNear, logits, zeros_like(logits)), far = where(isNear, ones_like(logits), size), z = near * near;
        Tensor series = (near * Series(z, 1.0 / 12, -1.0 / 720, 1.0 / 30_240, -1.0 / 1_209_600, 1.0 / 47_900_160)) + 0.5f;
        Tensor e = (-far).exp(), below = (1f / far) - (e / (1f - e));
        Tensor formula = where(logits < 0f, below, 1f - below);
        return where(isNear, series, formula).MoveToOuterDisposeScope();
    }

    /// <summary>Σ log(F(x + h) − F(x − h)) of each row, F a logistic distribution function.</summary>
    /// <param name="location">Its location.</param>
    /// <param name="logScale">The logarithm of its scale, one a pixel or one for all.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="levels">Values that a pixel has.</param>
    internal static Tensor DiscretizedLogistic(Tensor location, Tensor logScale, Tensor x, int levels)
    {
        using DisposeScope scope = NewDisposeScope();
        float step = 1f / (levels - 1), half = 0.5f * step;
        Tensor inverse = (-logScale).exp(), error = x - location, width = inverse * step;
        Tensor reachesUp = (x <= 1f - half).to_type(ScalarType.Float32), reachesDown = (x >= half).to_type(ScalarType.Float32);
        Tensor above = nn.functional.softplus((error + half) * -inverse) * reachesUp;
        Tensor below = nn.functional.softplus((error - half) * inverse) * reachesDown;
        Tensor covered = (width * 0.5f).tanh().log() + nn.functional.softplus(-width);
        return ((covered * reachesUp * reachesDown) - above - below).sum(1, keepdim: true).MoveToOuterDisposeScope();
    }

    private static Tensor Series(Tensor z, double first, double second, double third, double fourth, double fifth) =>
        (((((((z * (float)fifth) + (float)fourth) * z) + (float)third) * z) + (float)second) * z) + (float)first;
}
