using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>−½ Σ (x − m)²·e^−v + v + log 2π of each row.</summary>
internal sealed unsafe class GaussianStep : Step
{
    private const float LogTwoPi = 1.8378770664093453f;

    private readonly Value _mean;
    private readonly Operand _logVariance;
    private readonly Value _x;
    private readonly Value _y;
    private readonly float* _gradient;

    /// <summary>Plans the step.</summary>
    internal GaussianStep(ProgramContext context, Value mean, Value logVariance, Value x, Value y)
    {
        (_mean, _x, _y) = (mean, x, y);
        _logVariance = new Operand(logVariance, context.Tree);
        _gradient = context.Arena.Reserve(mean.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int row = 0; row < _mean.Stride; row += 16)
        {
            var sum = default(FeatureSum);
            for (int pixel = 0; pixel < _mean.Size; pixel++)
            {
                nint place = ((nint)pixel * _mean.Stride) + row;
                Vector512<float> v = _logVariance.Load(pixel, row);
                Vector512<float> error = Vector512.Load(_x.Data + place) - Vector512.Load(_mean.Data + place);
                sum.Add(pixel, Vector512.FusedMultiplyAdd(error * error, LaneMath.Exp(-v), v + Vector512.Create(LogTwoPi)));
            }

            (sum.Total * Vector512.Create(-0.5f)).Store(_y.Data + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        _logVariance.Begin();
        for (int pixel = 0; pixel < _mean.Size; pixel++)
        {
            for (int row = 0; row < _mean.Stride; row += 16)
            {
                nint place = ((nint)pixel * _mean.Stride) + row;
                Vector512<float> d = Vector512.Load(_y.Gradient + row);
                Vector512<float> error = Vector512.Load(_x.Data + place) - Vector512.Load(_mean.Data + place);
                Vector512<float> scaled = error * LaneMath.Exp(-_logVariance.Load(pixel, row));
                if (_mean.HasGradient) UnaryStep.Put(d * scaled, _mean.Gradient + place, _mean.Accumulates);
                Vector512<float> half = Vector512.FusedMultiplyAdd(error, scaled, -Vector512<float>.One) * Vector512.Create(0.5f);
                (d * half).Store(_gradient + row);
            }

            if (_logVariance.HasGradient) _logVariance.AddGradient(pixel, _gradient);
        }
    }
}
