using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>Σ log p(x) of each row for pixels whose distribution has a location and a scale.</summary>
/// <typeparam name="TKernel">The distribution.</typeparam>
internal sealed unsafe class LocationScaleStep<TKernel> : Step
    where TKernel : struct, ILocationScaleKernel
{
    private readonly Value _location;
    private readonly Operand _logScale;
    private readonly Value _x;
    private readonly Value _y;
    private readonly float _step;
    private readonly float* _gradient;

    /// <summary>Plans the step.</summary>
    /// <param name="context">Memory and shards.</param>
    /// <param name="location">One per pixel.</param>
    /// <param name="logScale">One per pixel, or one for all pixels.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="y">Receives the sums.</param>
    /// <param name="step">Distance between two levels, for discretised distributions.</param>
    internal LocationScaleStep(ProgramContext context, Value location, Value logScale, Value x, Value y, float step = 0f)
    {
        (_location, _x, _y, _step) = (location, x, y, step);
        _logScale = new Operand(logScale, context.Tree);
        _gradient = context.Arena.Reserve(location.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int row = 0; row < _location.Stride; row += 16)
        {
            var sum = default(FeatureSum);
            for (int pixel = 0; pixel < _location.Size; pixel++)
            {
                nint place = ((nint)pixel * _location.Stride) + row;
                sum.Add(pixel, TKernel.LogLikelihood(
                    Vector512.Load(_location.Data + place), _logScale.Load(pixel, row), Vector512.Load(_x.Data + place), _step));
            }

            sum.Total.Store(_y.Data + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        _logScale.Begin();
        for (int pixel = 0; pixel < _location.Size; pixel++)
        {
            for (int row = 0; row < _location.Stride; row += 16)
            {
                nint place = ((nint)pixel * _location.Stride) + row;
                Vector512<float> d = Vector512.Load(_y.Gradient + row);
                (Vector512<float> byLocation, Vector512<float> byLogScale) = TKernel.Derivatives(
                    Vector512.Load(_location.Data + place), _logScale.Load(pixel, row), Vector512.Load(_x.Data + place), _step);
                if (_location.HasGradient) UnaryStep.Put(d * byLocation, _location.Gradient + place, _location.Accumulates);
                (d * byLogScale).Store(_gradient + row);
            }

            if (_logScale.HasGradient) _logScale.AddGradient(pixel, _gradient);
        }
    }
}

/// <summary>log p(x) of 16 pixels and its derivatives; as a type argument, so that it is inlined into the loop.</summary>
internal interface ILocationScaleKernel
{
    /// <summary>log p(x).</summary>
    static abstract Vector512<float> LogLikelihood(Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step);

    /// <summary>Its derivatives with respect to location and log-scale.</summary>
    static abstract (Vector512<float> ByLocation, Vector512<float> ByLogScale) Derivatives(
        Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step);
}
