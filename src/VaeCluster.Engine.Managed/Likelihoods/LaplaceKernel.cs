using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>−|x − m|·e^−s − s − log 2.</summary>
internal readonly struct LaplaceKernel : ILocationScaleKernel
{
    private const float LogTwo = 0.69314718056f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LogLikelihood(Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step) =>
        -Vector512.FusedMultiplyAdd(Vector512.Abs(x - location), LaneMath.Exp(-logScale), logScale + Vector512.Create(LogTwo));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> ByLocation, Vector512<float> ByLogScale) Derivatives(
        Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step)
    {
        Vector512<float> error = x - location, inverse = LaneMath.Exp(-logScale);
        Vector512<float> below =
            Vector512.ConditionalSelect(Vector512.LessThan(error, Vector512<float>.Zero), -inverse, Vector512<float>.Zero);
        return (
            Vector512.ConditionalSelect(Vector512.GreaterThan(error, Vector512<float>.Zero), inverse, below),
            Vector512.FusedMultiplyAdd(Vector512.Abs(error), inverse, -Vector512<float>.One));
    }
}
