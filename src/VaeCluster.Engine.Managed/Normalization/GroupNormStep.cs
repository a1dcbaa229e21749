using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Normalization;

/// <summary>
/// Group normalisation with its activation. Each lane is an example, so that sums over a group need no shuffles and an example's bits do
/// not depend on its neighbours. The argument of the activation is computed again for its derivative, which therefore need not follow from
/// the result.
/// </summary>
/// <typeparam name="TActivation">The activation.</typeparam>
internal sealed unsafe class GroupNormStep<TActivation> : Step
    where TActivation : struct, IUnaryKernel
{
    // Positions whose sum is computed by itself before it joins the sum so far: the rounding error of large maps stays small.
    private const int Block = 64;

    private readonly GroupNormOperation _operation;
    private readonly ProgramContext _context;
    private readonly Value _x;
    private readonly Value _y;
    private readonly ChannelRows _from;
    private readonly ChannelRows _to;
    private readonly int _size;
    private readonly float* _means;
    private readonly float* _inverses;
    private readonly float* _scaleSums;
    private readonly float* _shiftSums;
    private readonly float* _block;
    private readonly SliceClaim? _scaleClaim;
    private readonly SliceClaim? _shiftClaim;

    internal GroupNormStep(GroupNormOperation operation, ProgramContext context, Value x, Value y)
    {
        int channels = operation.Scale.Length;
        (_operation, _context, _x, _y) = (operation, context, x, y);
        (_from, _to) = (new ChannelRows(x, channels), new ChannelRows(y, channels));
        _size = channels / operation.Groups;
        _means = context.Arena.Reserve((long)operation.Groups * context.Stride);
        _inverses = context.Arena.Reserve((long)operation.Groups * context.Stride);
        if (!y.HasGradient) return;
        _scaleSums = context.Arena.Reserve((long)channels * context.Stride);
        _shiftSums = context.Arena.Reserve((long)channels * context.Stride);
        _block = context.Arena.Reserve((long)_size * 2 * 16);
        _scaleClaim = context.ClaimSlice(operation.Scale);
        _shiftClaim = context.ClaimSlice(operation.Shift);
    }

    // PyTorch's default slope of the leaky ReLU; the other activations ignore it.
    private static Vector512<float> Slope => Vector512.Create(0.01f);

    internal override void Forward()
    {
        for (int row = 0; row < _context.Stride; row += 16)
            for (int group = 0; group < _operation.Groups; group++) Normalize(group, row);
    }

    internal override void Backward(in GradientTarget target)
    {
        if (_scaleClaim is null) return;
        for (int row = 0; row < _context.Stride; row += 16)
        {
            for (int group = 0; group < _operation.Groups; group++)
            {
                SumGradients(group, row);
                if (_x.HasGradient) Differentiate(group, row);
            }
        }

        Write(_operation.Scale, _scaleSums, _scaleClaim, target);
        Write(_operation.Shift, _shiftSums, _shiftClaim!, target);
    }

    private void Write(ParameterSlice slice, float* sums, SliceClaim claim, in GradientTarget target)
    {
        for (int channel = 0; channel < slice.Length; channel++)
            target.Put(slice, claim, channel, _context.Tree.SumRows(sums + ((nint)channel * _context.Stride)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize(int group, int row)
    {
        float* x = _x.Data + (group * _size * _from.NextChannel) + row, y = _y.Data + (group * _size * _to.NextChannel) + row;
        float* scale = _context.Weights.Pointer + _operation.Scale.Offset + (group * _size);
        float* shift = _context.Weights.Pointer + _operation.Shift.Offset + (group * _size);
        var count = Vector512.Create((float)((long)_size * _from.Positions));
        Vector512<float> mean = Sum<Plain>(x, default) / count;
        Vector512<float> inverse = Vector512<float>.One
            / Vector512.Sqrt((Sum<SquaredDistance>(x, mean) / count) + Vector512.Create(GroupNormOperation.Epsilon));
        mean.Store(_means + ((nint)group * _context.Stride) + row);
        inverse.Store(_inverses + ((nint)group * _context.Stride) + row);
        for (int position = 0; position < _from.Positions; position++)
        {
            float* from = x + (position * _from.NextPosition), to = y + (position * _to.NextPosition);
            for (int channel = 0; channel < _size; channel++, from += _from.NextChannel, to += _to.NextChannel)
            {
                Vector512<float> unit = (Vector512.Load(from) - mean) * inverse;
                Vector512<float> sum =
                    Vector512.FusedMultiplyAdd(unit, Vector512.Create(scale[channel]), Vector512.Create(shift[channel]));
                TActivation.Apply(sum, Slope, default).Store(to);
            }
        }
    }

    // Four sums hide the latency of additions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> Sum<TTerm>(float* x, Vector512<float> mean)
        where TTerm : struct, ITerm
    {
        Vector512<float> total = default;
        for (int first = 0; first < _from.Positions; first += Block)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            for (int position = first; position < Math.Min(first + Block, _from.Positions); position++)
            {
                float* at = x + (position * _from.NextPosition);
                int channel = 0;
                for (; channel <= _size - 4; channel += 4, at += 4 * _from.NextChannel)
                {
                    a = TTerm.Add(Vector512.Load(at), mean, a);
                    b = TTerm.Add(Vector512.Load(at + _from.NextChannel), mean, b);
                    c = TTerm.Add(Vector512.Load(at + (2 * _from.NextChannel)), mean, c);
                    d = TTerm.Add(Vector512.Load(at + (3 * _from.NextChannel)), mean, d);
                }

                for (; channel < _size; channel++, at += _from.NextChannel) a = TTerm.Add(Vector512.Load(at), mean, a);
            }

            total += (a + b) + (c + d);
        }

        return total;
    }

    // The gradient before the activation replaces the one after it; its sums over the positions are those of the parameters.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumGradients(int group, int row)
    {
        nint stride = _context.Stride, first = (nint)group * _size;
        float* x = _x.Data + (first * _from.NextChannel) + row;
        float* y = _y.Data + (first * _to.NextChannel) + row, dy = _y.Gradient + (first * _to.NextChannel) + row;
        float* scale = _context.Weights.Pointer + _operation.Scale.Offset + first;
        float* shift = _context.Weights.Pointer + _operation.Shift.Offset + first;
        float* scaleSums = _scaleSums + (first * stride) + row, shiftSums = _shiftSums + (first * stride) + row;
        Vector512<float> mean = Vector512.Load(_means + (group * stride) + row);
        Vector512<float> inverse = Vector512.Load(_inverses + (group * stride) + row);
        for (int begin = 0; begin < _from.Positions; begin += Block)
        {
            new Span<float>(_block, _size * 2 * 16).Clear();
            for (int position = begin; position < Math.Min(begin + Block, _from.Positions); position++)
            {
                nint from = position * _from.NextPosition, to = position * _to.NextPosition;
                for (int channel = 0; channel < _size; channel++, from += _from.NextChannel, to += _to.NextChannel)
                {
                    Vector512<float> unit = (Vector512.Load(x + from) - mean) * inverse;
                    Vector512<float> sum =
                        Vector512.FusedMultiplyAdd(unit, Vector512.Create(scale[channel]), Vector512.Create(shift[channel]));
                    Vector512<float> d =
                        Vector512.Load(dy + to) * TActivation.Derivative(sum, Vector512.Load(y + to), Slope, default);
                    d.Store(dy + to);
                    float* sums = _block + (channel * 2 * 16);
                    Vector512.FusedMultiplyAdd(d, unit, Vector512.Load(sums)).Store(sums);
                    (Vector512.Load(sums + 16) + d).Store(sums + 16);
                }
            }

            for (int channel = 0; channel < _size; channel++)
            {
                float* sums = _block + (channel * 2 * 16);
                UnaryStep.Put(Vector512.Load(sums), scaleSums + (channel * stride), begin > 0);
                UnaryStep.Put(Vector512.Load(sums + 16), shiftSums + (channel * stride), begin > 0);
            }
        }
    }

    // ∂x = (g − (Σg + u·Σ(g·u))/n)/σ with g = scale·∂, the normalised values u, and sums over the group's n values.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(int group, int row)
    {
        nint stride = _context.Stride, first = (nint)group * _size;
        float* x = _x.Data + (first * _from.NextChannel) + row, dx = _x.Gradient + (first * _from.NextChannel) + row;
        float* dy = _y.Gradient + (first * _to.NextChannel) + row;
        float* scale = _context.Weights.Pointer + _operation.Scale.Offset + first;
        Vector512<float> sum = default, product = default;
        for (int channel = 0; channel < _size; channel++)
        {
            nint at = ((first + channel) * stride) + row;
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(scale[channel]), Vector512.Load(_shiftSums + at), sum);
            product = Vector512.FusedMultiplyAdd(Vector512.Create(scale[channel]), Vector512.Load(_scaleSums + at), product);
        }

        Vector512<float> mean = Vector512.Load(_means + (group * stride) + row);
        Vector512<float> inverse = Vector512.Load(_inverses + (group * stride) + row);
        var count = Vector512.Create((float)((long)_size * _from.Positions));
        Vector512<float> constant = sum / count, slope = product / count;
        for (int position = 0; position < _from.Positions; position++)
        {
            nint from = position * _from.NextPosition, to = position * _to.NextPosition;
            for (int channel = 0; channel < _size; channel++, from += _from.NextChannel, to += _to.NextChannel)
            {
                Vector512<float> unit = (Vector512.Load(x + from) - mean) * inverse;
                Vector512<float> pull = Vector512.FusedMultiplyAdd(unit, slope, constant);
                Vector512<float> g = (Vector512.Load(dy + to) * Vector512.Create(scale[channel])) - pull;
                UnaryStep.Put(g * inverse, dx + from, _x.Accumulates);
            }
        }
    }

    // What a sum over a group adds up.
    private interface ITerm
    {
        static abstract Vector512<float> Add(Vector512<float> value, Vector512<float> mean, Vector512<float> sum);
    }

    private readonly struct Plain : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Add(Vector512<float> value, Vector512<float> mean, Vector512<float> sum) => sum + value;
    }

    private readonly struct SquaredDistance : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Add(Vector512<float> value, Vector512<float> mean, Vector512<float> sum) =>
            Vector512.FusedMultiplyAdd(value - mean, value - mean, sum);
    }
}
