using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A convolution or a transposed one: they are each other's way back. Bias and activation follow each position while it is in the cache.
/// </summary>
internal sealed unsafe class ConvStep : Step
{
    private readonly ConvGeometry _g;
    private readonly ParameterSlice _bias;
    private readonly Activation _activation;
    private readonly ProgramContext _context;
    private readonly bool _transposed;
    private readonly Value _x;
    private readonly Value _y;
    private readonly GridShape _output;
    private readonly ChannelProducts _forward;
    private readonly ChannelProducts? _back;
    private readonly ConvWeightGradient? _weightGradient;
    private readonly SliceClaim? _weightClaim;
    private readonly SliceClaim? _biasClaim;

    /// <summary>Plans the layer.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="bias">One a channel of the output.</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <param name="transposed">Whether the output is the large grid.</param>
    /// <param name="context">The program.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    internal ConvStep(ConvGeometry geometry, ParameterSlice bias, Activation activation, bool transposed, ProgramContext context, Value x, Value y)
    {
        _g = geometry;
        (_bias, _activation, _transposed) = (bias, activation, transposed);
        _context = context;
        (_x, _y) = (x, y);
        _output = transposed ? geometry.Large : geometry.Small;
        _forward = transposed ? Spread() : Gather();
        if (!y.HasGradient) return;
        _back = !x.HasGradient ? null : transposed ? Gather() : Spread();
        _weightGradient = new ConvWeightGradient(geometry, context);
        _weightClaim = context.ClaimSlice(geometry.Weight);
        _biasClaim = context.ClaimSlice(bias);
    }

    internal override void Forward()
    {
        float* weights = _context.Weights.Pointer + _g.Weight.Offset, bias = _context.Weights.Pointer + _bias.Offset;
        nint row = (nint)_output.Positions * _y.Stride;
        _forward.Begin(weights);
        for (int position = 0; position < _output.Positions; position++)
        {
            _forward.Compute(position, _x.Data, _y.Data, add: false);
            for (int channel = 0; channel < _output.Channels; channel++)
                ActivationRow.Apply(_activation, _y.Data + (channel * row) + ((nint)position * _y.Stride), _y.Stride, bias[channel]);
        }
    }

    internal override void Backward(in GradientTarget target)
    {
        if (_weightGradient is null) return;
        int length = _output.Positions * _y.Stride;
        float* biasGradient = target.Flat + _bias.Offset;
        for (int channel = 0; channel < _output.Channels; channel++)
        {
            float* dy = _y.Gradient + ((nint)channel * length);
            ActivationRow.Differentiate(_activation, _y.Data + ((nint)channel * length), dy, length);
            float sum = ConvBias.Sum(dy, _output.Positions, _y.Stride, _context.Tree);
            biasGradient[channel] = target.Add || _biasClaim!.Adds ? biasGradient[channel] + sum : sum;
        }

        float* small = _transposed ? _x.Data : _y.Gradient, large = _transposed ? _y.Gradient : _x.Data;
        _weightGradient.Compute(small, large, target.Flat + _g.Weight.Offset, target.Add || _weightClaim!.Adds);

        if (_back is null) return;
        float* weights = _context.Weights.Pointer + _g.Weight.Offset;
        int positions = _transposed ? _g.Small.Positions : _g.Large.Positions;
        _back.Begin(weights);
        for (int position = 0; position < positions; position++) _back.Compute(position, _y.Gradient, _x.Gradient, _x.Accumulates);
    }

    private ChannelProducts Gather() => new(
        _context.Weights.Kernel, PlacePlan.Gather(_g, _context.Stride, _context.Arena), _g.Small,
        new PackedWeights(_g, gathers: true, _context.Arena), _context.Stride);

    private ChannelProducts Spread() => new(
        _context.Weights.Kernel, PlacePlan.Spread(_g, _context.Stride, _context.Arena), _g.Large,
        new PackedWeights(_g, gathers: false, _context.Arena), _context.Stride);
}
