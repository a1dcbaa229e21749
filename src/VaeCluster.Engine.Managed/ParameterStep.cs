using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed;

/// <summary>A parameter as a value; its gradient is accumulated per shard and summed along the tree.</summary>
internal sealed unsafe class ParameterStep : Step
{
    private readonly ParameterSlice _slice;
    private readonly ProgramContext _context;
    private readonly Value _value;
    private readonly SliceClaim? _claim;

    internal ParameterStep(ParameterSlice slice, ProgramContext context, Value value)
    {
        (_slice, _context, _value) = (slice, context, value);
        if (value.HasGradient) _claim = context.ClaimSlice(slice);
    }

    internal override void Forward() =>
        new ReadOnlySpan<float>(_context.Weights.Pointer + _slice.Offset, _slice.Length)
            .CopyTo(new Span<float>(_value.Data, _slice.Length));

    internal override void Backward(in GradientTarget target)
    {
        if (_claim is null) return;
        for (int i = 0; i < _slice.Length; i++)
            target.Put(_slice, _claim, i, _context.Tree.SumShards(_value.Gradient + i, _slice.Length));
    }
}
