using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Latents;

/// <summary>
/// log Σ_k w_k Π_j e^(−½(z_j − μ_kj)²/σ_kj²)/σ_kj of each example; components and dimensions are summed in order.
/// </summary>
internal sealed unsafe class MixtureStep : Step
{
    private readonly Value _z;
    private readonly Value _mean;
    private readonly Value _logVariance;
    private readonly Value? _logit;
    private readonly Value _y;
    private readonly int _components;
    private readonly ShardTree _tree;
    private readonly float* _precision;
    private readonly float* _joint;
    private readonly float* _share;
    private readonly float* _rows;
    private readonly float* _moreRows;

    /// <summary>Plans the step.</summary>
    internal MixtureStep(ProgramContext context, Value z, Value mean, Value logVariance, Value? logit, int components, Value y)
    {
        (_z, _mean, _logVariance, _logit, _components, _y) = (z, mean, logVariance, logit, components, y);
        _tree = context.Tree;
        _precision = context.Arena.Reserve((long)mean.Size * mean.Stride);
        _joint = context.Arena.Reserve((long)components * y.Stride);
        _share = context.Arena.Reserve((long)components * y.Stride);
        _rows = context.Arena.Reserve(y.Stride);
        _moreRows = context.Arena.Reserve(y.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (nint i = 0, length = UnaryStep.DataLength(_logVariance); i < length; i += 16)
            LaneMath.Exp(-Vector512.Load(_logVariance.Data + i)).Store(_precision + i);
        for (int k = 0; k < _components; k++)
        {
            Vector512<float> logit = Vector512.Create(_logit is null ? 0f : _logit.Data[k]);
            for (int row = 0; row < _y.Stride; row += 16)
            {
                Vector512<float> sum = Vector512<float>.Zero;
                for (int j = 0; j < _z.Size; j++)
                {
                    Vector512<float> distance = Distance(k, j, row);
                    sum += Vector512.FusedMultiplyAdd(distance * distance, At(_precision, k, j), At(_logVariance.Data, k, j));
                }

                Vector512.FusedMultiplyAdd(sum, Vector512.Create(-0.5f), logit).Store(_joint + ((nint)k * _y.Stride) + row);
            }
        }

        Vector512<float> weights = Vector512.Create((float)LogOfWeights());
        for (int row = 0; row < _y.Stride; row += 16)
        {
            Vector512<float> largest = Largest(row);
            (largest + (LaneMath.Log(Sum(row, largest)) - weights)).Store(_y.Data + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        for (int row = 0; row < _y.Stride; row += 16)
        {
            Vector512<float> largest = Largest(row);
            Vector512<float> factor = Vector512.Load(_y.Gradient + row) / Sum(row, largest);
            for (int k = 0; k < _components; k++)
            {
                nint place = ((nint)k * _y.Stride) + row;
                (LaneMath.Exp(Vector512.Load(_joint + place) - largest) * factor).Store(_share + place);
            }
        }

        for (int j = 0; j < _z.Size; j++)
        {
            if (_z.HasGradient) DifferentiateLatents(j);
            for (int k = 0; k < _components; k++) DifferentiateComponent(k, j);
        }

        if (_logit is { HasGradient: true }) DifferentiateLogits(_logit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateLatents(int j)
    {
        for (int row = 0; row < _y.Stride; row += 16)
        {
            Vector512<float> slope = Vector512<float>.Zero;
            for (int k = 0; k < _components; k++) slope -= Share(k, row) * Distance(k, j, row) * At(_precision, k, j);
            UnaryStep.Put(slope, _z.Gradient + ((nint)j * _z.Stride) + row, _z.Accumulates);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DifferentiateComponent(int k, int j)
    {
        if (!_mean.HasGradient && !_logVariance.HasGradient) return;
        for (int row = 0; row < _y.Stride; row += 16)
        {
            Vector512<float> distance = Distance(k, j, row), scaled = distance * At(_precision, k, j), share = Share(k, row);
            (share * scaled).Store(_rows + row);
            (share * Vector512.FusedMultiplyAdd(distance, scaled, -Vector512<float>.One) * Vector512.Create(0.5f)).Store(_moreRows + row);
        }

        Put(_mean, k, j, _tree.SumRows(_rows));
        Put(_logVariance, k, j, _tree.SumRows(_moreRows));
    }

    private void DifferentiateLogits(Value logit)
    {
        double weights = LogOfWeights();
        float all = _tree.SumRows(_y.Gradient);
        for (int k = 0; k < _components; k++)
        {
            float share = (float)ScalarMath.Exp(logit.Data[k] - weights);
            Put(logit, k, 0, _tree.SumRows(_share + ((nint)k * _y.Stride)) - (share * all));
        }
    }

    private static void Put(Value value, int component, int feature, float gradient)
    {
        if (!value.HasGradient) return;
        float* to = value.Gradient + ((nint)feature * value.Stride) + component;
        *to = value.Accumulates ? *to + gradient : gradient;
    }

    // log Σ_k e^logit, or log K.
    private double LogOfWeights()
    {
        if (_logit is null) return ScalarMath.Log(_components);
        double largest = _logit.Data[0], sum = 0;
        for (int k = 1; k < _components; k++) largest = Math.Max(largest, _logit.Data[k]);
        for (int k = 0; k < _components; k++) sum += ScalarMath.Exp(_logit.Data[k] - largest);
        return largest + ScalarMath.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> At(float* values, int component, int feature) =>
        Vector512.Create(values[((nint)feature * _mean.Stride) + component]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Distance(int component, int feature, int row) =>
        Vector512.Load(_z.Data + ((nint)feature * _z.Stride) + row) - At(_mean.Data, component, feature);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Share(int component, int row) => Vector512.Load(_share + ((nint)component * _y.Stride) + row);

    // Selections instead of Max, so that NaN passes.
    private Vector512<float> Largest(int row)
    {
        Vector512<float> largest = Vector512.Load(_joint + row);
        for (int k = 1; k < _components; k++)
        {
            Vector512<float> value = Vector512.Load(_joint + ((nint)k * _y.Stride) + row);
            largest = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), value, largest);
        }

        return largest;
    }

    private Vector512<float> Sum(int row, Vector512<float> largest)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int k = 0; k < _components; k++)
            sum += LaneMath.Exp(Vector512.Load(_joint + ((nint)k * _y.Stride) + row) - largest);
        return sum;
    }
}
