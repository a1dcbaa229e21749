using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>
/// log(σ(a) − σ(b)) with a, b = (x − m ± h)/s. To avoid subtracting nearly equal numbers it is computed as the logarithm of
/// σ(a)·σ(−b)·(1 − e^−w) with w = a − b = 2h/s: −log(1 + e^−a) − log(1 + e^b) + log(1 − e^−w), where the last term is
/// log tanh(w/2) + log(1 + e^−w), which is precise for wide and narrow scales. The lowest and highest level have only one term.
/// </summary>
internal readonly struct DiscretizedLogisticKernel : ILocationScaleKernel
{
    private static Vector512<float> Zero => Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LogLikelihood(Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step)
    {
        (Vector512<float> a, Vector512<float> b, Vector512<float> width, Vector512<float> lowest, Vector512<float> highest) =
            Place(location, LaneMath.Exp(-logScale), x, step);
        Vector512<float> above = Vector512.ConditionalSelect(highest, Zero, LaneMath.Softplus(-a));
        Vector512<float> below = Vector512.ConditionalSelect(lowest, Zero, LaneMath.Softplus(b));
        Vector512<float> covered = LaneMath.Log(LaneMath.Tanh(width * Vector512.Create(0.5f))) + LaneMath.Softplus(-width);
        return Vector512.ConditionalSelect(lowest | highest, Zero, covered) - (above + below);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> ByLocation, Vector512<float> ByLogScale) Derivatives(
        Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step)
    {
        Vector512<float> inverse = LaneMath.Exp(-logScale);
        (Vector512<float> a, Vector512<float> b, Vector512<float> width, Vector512<float> lowest, Vector512<float> highest) =
            Place(location, inverse, x, step);
        Vector512<float> above = Vector512.ConditionalSelect(highest, Zero, LaneMath.Sigmoid(-a));
        Vector512<float> below = Vector512.ConditionalSelect(lowest, Zero, LaneMath.Sigmoid(b));

        // w/(e^w − 1) = w·e^−w / (tanh(w/2)·(1 + e^−w)).
        Vector512<float> e = LaneMath.Exp(-width);
        Vector512<float> covered = width * e / (LaneMath.Tanh(width * Vector512.Create(0.5f)) * (Vector512<float>.One + e));
        Vector512<float> byLogScale = Vector512.FusedMultiplyAdd(b, below, -(a * above));
        return ((below - above) * inverse, byLogScale - Vector512.ConditionalSelect(lowest | highest, Zero, covered));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (
        Vector512<float> A, Vector512<float> B, Vector512<float> Width, Vector512<float> Lowest, Vector512<float> Highest) Place(
        Vector512<float> location, Vector512<float> inverse, Vector512<float> x, float step)
    {
        Vector512<float> half = Vector512.Create(0.5f * step), error = x - location;
        return (
            (error + half) * inverse, (error - half) * inverse, Vector512.Create(step) * inverse,
            Vector512.LessThan(x, half), Vector512.GreaterThan(x, Vector512<float>.One - half));
    }
}
