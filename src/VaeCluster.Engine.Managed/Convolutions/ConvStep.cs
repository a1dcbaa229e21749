using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A convolution or a transposed convolution; each is the backward pass of the other. Bias and activation are applied to each position
/// while it is in the cache.
/// </summary>
internal sealed unsafe class ConvStep : Step
{
    private readonly ConvGeometry _g;
    private readonly ParameterSlice _bias;
    private readonly Activation _activation;
    private readonly ProgramContext _context;
    private readonly bool _transposed;
    private readonly Grid _x;
    private readonly Grid _y;
    private readonly GridShape _output;
    private readonly ChannelProducts _forward;
    private readonly ChannelProducts? _back;
    private readonly ConvWeightGradient? _weightGradient;
    private readonly SliceClaim? _weightClaim;
    private readonly SliceClaim? _biasClaim;

    /// <summary>Plans the layer.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="bias">One per output channel.</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <param name="transposed">Whether the output is the large grid.</param>
    /// <param name="context">The program.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    internal ConvStep(
        ConvGeometry geometry, ParameterSlice bias, Activation activation, bool transposed, ProgramContext context, Value x, Value y)
    {
        _g = geometry;
        (_bias, _activation, _transposed) = (bias, activation, transposed);
        _context = context;
        _output = transposed ? geometry.Large : geometry.Small;
        _x = new Grid(x, transposed ? geometry.Small : geometry.Large, context.Arena);
        _y = new Grid(y, _output, context.Arena);
        _forward = new ChannelProducts(geometry, gathers: !transposed, context);
        if (!y.HasGradient) return;
        _back = x.HasGradient ? new ChannelProducts(geometry, gathers: transposed, context) : null;
        _weightGradient = new ConvWeightGradient(geometry, context);
        _weightClaim = context.ClaimSlice(geometry.Weight);
        _biasClaim = context.ClaimSlice(bias);
    }

    internal override void Forward()
    {
        float* weights = _context.Weights.Pointer + _g.Weight.Offset, bias = _context.Weights.Pointer + _bias.Offset;
        _x.ReadData();
        _forward.Compute(weights, _x.Data, _y.Data, bias, _activation);
        _y.WriteData();
    }

    internal override void Backward(in GradientTarget target)
    {
        if (_weightGradient is null) return;
        _y.ReadGradient();
        int stride = _context.Stride;
        ActivationRow.Differentiate(_activation, _y.Data, _y.Gradient, _output.Channels * _output.Positions * stride);
        for (int channel = 0; channel < _output.Channels; channel++)
        {
            float sum = ConvBias.Sum(_y.Gradient + ((nint)channel * stride), _output.Positions, _output.Channels * stride, _context.Tree);
            target.Put(_bias, _biasClaim!, channel, sum);
        }

        float* small = _transposed ? _x.Data : _y.Gradient, large = _transposed ? _y.Gradient : _x.Data;
        _weightGradient.Compute(small, large, target.Flat + _g.Weight.Offset, target.AddsTo(_weightClaim!));

        if (_back is null) return;
        float* weights = _context.Weights.Pointer + _g.Weight.Offset;
        _back.Compute(weights, _y.Gradient, _x.Gradient, _x.Accumulates);
        _x.WriteGradient();
    }
}
