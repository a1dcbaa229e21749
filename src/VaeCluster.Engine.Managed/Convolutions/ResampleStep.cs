using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// Nearest-neighbour upsampling, or average pooling: each position of the small grid belongs to a square of the large one, and the backward
/// pass of either is a multiple of the other.
/// </summary>
internal sealed unsafe class ResampleStep : Step
{
    private readonly int _factor;
    private readonly bool _up;
    private readonly float _scale;
    private readonly Value _x;
    private readonly Value _y;
    private readonly ChannelRows _small;
    private readonly ChannelRows _large;
    private readonly int _smallWidth;

    /// <summary>Plans the step.</summary>
    /// <param name="node">The node; its shape is [channels, height, width].</param>
    /// <param name="factor">Side of a square.</param>
    /// <param name="up">Whether the result is the large grid.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    internal ResampleStep(Node node, int factor, bool up, Value x, Value y)
    {
        (_factor, _up, _x, _y) = (factor, up, x, y);
        _scale = up ? 1f : 1f / (factor * factor);
        (ChannelRows from, ChannelRows to) = (new(x, node.Shape[0]), new(y, node.Shape[0]));
        (_small, _large) = up ? (from, to) : (to, from);
        _smallWidth = up ? node.Inputs[0].Shape[2] : node.Shape[2];
    }

    internal override void Forward()
    {
        if (_up) Spread(_x.Data, _y.Data, accumulates: false);
        else Gather(_x.Data, _y.Data, accumulates: false);
    }

    internal override void Backward(in GradientTarget target)
    {
        if (!_x.HasGradient) return;
        if (_up) Gather(_y.Gradient, _x.Gradient, _x.Accumulates);
        else Spread(_y.Gradient, _x.Gradient, _x.Accumulates);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(float* small, float* large, bool accumulates)
    {
        var scale = Vector512.Create(_scale);
        for (int position = 0; position < _small.Positions; position++)
        {
            for (int channel = 0; channel < _small.Channels; channel++)
            {
                float* from = small + (position * _small.NextPosition) + (channel * _small.NextChannel);
                float* to = large + (First(position) * _large.NextPosition) + (channel * _large.NextChannel);
                for (int row = 0; row < _x.Stride; row += 16)
                {
                    Vector512<float> value = Vector512.Load(from + row) * scale;
                    for (int u = 0; u < _factor; u++)
                    {
                        for (int v = 0; v < _factor; v++)
                            UnaryStep.Put(value, to + (Offset(u, v) * _large.NextPosition) + row, accumulates);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* large, float* small, bool accumulates)
    {
        var scale = Vector512.Create(_scale);
        for (int position = 0; position < _small.Positions; position++)
        {
            for (int channel = 0; channel < _small.Channels; channel++)
            {
                float* from = large + (First(position) * _large.NextPosition) + (channel * _large.NextChannel);
                float* to = small + (position * _small.NextPosition) + (channel * _small.NextChannel);
                for (int row = 0; row < _x.Stride; row += 16)
                {
                    Vector512<float> sum = default;
                    for (int u = 0; u < _factor; u++)
                    {
                        for (int v = 0; v < _factor; v++) sum += Vector512.Load(from + (Offset(u, v) * _large.NextPosition) + row);
                    }

                    UnaryStep.Put(sum * scale, to + row, accumulates);
                }
            }
        }
    }

    // The first position of a square in the large grid, and where the others are from there.
    private nint First(int position) =>
        ((nint)(position / _smallWidth) * _factor * _smallWidth * _factor) + ((nint)(position % _smallWidth) * _factor);

    private nint Offset(int u, int v) => ((nint)u * _smallWidth * _factor) + v;
}
