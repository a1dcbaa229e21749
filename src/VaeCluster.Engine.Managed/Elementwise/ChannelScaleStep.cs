using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>Each channel of an example times a factor of its own, to which no gradient flows.</summary>
/// <param name="x">The value.</param>
/// <param name="factors">One for each channel.</param>
/// <param name="y">The result.</param>
internal sealed unsafe class ChannelScaleStep(Value x, Value factors, Value y) : Step
{
    private readonly ChannelRows _from = new(x, factors.Size);
    private readonly ChannelRows _to = new(y, factors.Size);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int position = 0; position < _from.Positions; position++)
        {
            for (int channel = 0; channel < _from.Channels; channel++)
            {
                float* from = x.Data + (position * _from.NextPosition) + (channel * _from.NextChannel);
                float* to = y.Data + (position * _to.NextPosition) + (channel * _to.NextChannel);
                float* factor = factors.Data + ((nint)channel * factors.Stride);
                for (int row = 0; row < x.Stride; row += 16) (Vector512.Load(from + row) * Vector512.Load(factor + row)).Store(to + row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        if (!x.HasGradient) return;
        for (int position = 0; position < _from.Positions; position++)
        {
            for (int channel = 0; channel < _from.Channels; channel++)
            {
                float* dx = x.Gradient + (position * _from.NextPosition) + (channel * _from.NextChannel);
                float* dy = y.Gradient + (position * _to.NextPosition) + (channel * _to.NextChannel);
                float* factor = factors.Data + ((nint)channel * factors.Stride);
                for (int row = 0; row < x.Stride; row += 16)
                    UnaryStep.Put(Vector512.Load(dy + row) * Vector512.Load(factor + row), dx + row, x.Accumulates);
            }
        }
    }
}
