using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed;

/// <summary>A parameter whose first dimension counts rows, as a value with rows of its own; its program has one shard.</summary>
internal sealed unsafe class ParameterRowsStep : Step
{
    private readonly ParameterSlice _slice;
    private readonly ProgramContext _context;
    private readonly Value _value;
    private readonly SliceClaim? _claim;
    private readonly float* _gradient;

    internal ParameterRowsStep(ParameterSlice slice, ProgramContext context, Value value)
    {
        (_slice, _context, _value) = (slice, context, value);
        if (!value.HasGradient) return;
        _claim = context.ClaimSlice(slice);
        _gradient = context.Arena.Reserve(slice.Length);
    }

    internal override void Forward() =>
        Transposition.Run(
            _context.Weights.Pointer + _slice.Offset, _value.Size, _context.Examples, _value.Size, _value.Data, _value.Stride);

    internal override void Backward(in GradientTarget target)
    {
        if (_claim is null) return;
        Transposition.Run(_value.Gradient, _value.Stride, _value.Size, _context.Examples, _gradient, _value.Size);
        for (int i = 0; i < _slice.Length; i++) target.Put(_slice, _claim, i, _gradient[i]);
    }
}
