using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// Computes all channels of every position of a result as an implicit matrix product, whose rows are channels and whose columns are
/// examples. Nothing is copied; each position finds its operands by its list of taps. If there are few channels, a tile covers
/// neighbouring positions instead.
/// </summary>
internal sealed unsafe class ChannelProducts
{
    private readonly TileKernel _kernel;
    private readonly Place[] _places;
    private readonly int _channels;
    private readonly PackedWeights _weights;
    private readonly nint _nextOperand;
    private readonly nint _nextResult;
    private readonly int _stride;

    /// <summary>Plans the products.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="gathers">Whether the result is the small grid.</param>
    /// <param name="context">The program.</param>
    internal ChannelProducts(ConvGeometry geometry, bool gathers, ProgramContext context)
    {
        GridShape result = gathers ? geometry.Small : geometry.Large;
        _kernel = context.Weights.Kernel;
        _stride = context.Stride;
        _channels = result.Channels;
        _nextOperand = (nint)(gathers ? geometry.Stride * geometry.Large.Channels : geometry.Small.Channels) * _stride;
        _nextResult = (nint)(gathers ? _channels : geometry.Stride * _channels) * _stride;
        _weights = new PackedWeights(geometry, gathers, context.Arena);
        bool joins = _channels < PlacePlan.FewChannels;
        _places = gathers ? PlacePlan.Gather(geometry, _stride, context.Arena) : PlacePlan.Spread(geometry, _stride, joins, context.Arena);
    }

    /// <summary>result = activation(products + bias).</summary>
    /// <param name="weights">The layer's weights in the flat vector.</param>
    /// <param name="operand">The other grid.</param>
    /// <param name="result">The result.</param>
    /// <param name="bias">One per channel.</param>
    /// <param name="activation">Applied to the sums.</param>
    internal void Compute(float* weights, float* operand, float* result, float* bias, Activation activation)
    {
        _weights.Pack(weights);
        foreach (Place place in _places) Compute(place, operand, result, add: false, bias, activation);
    }

    /// <summary>result = products, or result + products.</summary>
    /// <param name="weights">The layer's weights in the flat vector.</param>
    /// <param name="operand">The other grid.</param>
    /// <param name="result">The result.</param>
    /// <param name="add">Whether to add to the values in the result.</param>
    internal void Compute(float* weights, float* operand, float* result, bool add)
    {
        _weights.Pack(weights);
        foreach (Place place in _places) Compute(place, operand, result, add, null, Activation.Identity);
    }

    private void Compute(in Place place, float* operand, float* result, bool add, float* bias, Activation activation)
    {
        for (int done = 0; done == 0 || done < place.Taps.Count; done += MatrixProducts.BlockOfK)
        {
            var tile = new Tile
            {
                K = 1,
                Runs = Math.Min(MatrixProducts.BlockOfK, place.Taps.Count - done),
                AOffsets = place.Taps.Weights + done,
                BOffsets = place.Taps.Operands + done,
            };
            if (place.Count == 1) Channels(ref tile, operand + place.Operand, result + place.Result, add || done > 0);
            else Neighbours(ref tile, place.Count, operand + place.Operand, result + place.Result, add || done > 0);
        }

        if (bias == null) return;
        for (int position = 0; position < place.Count; position++)
        {
            float* at = result + place.Result + (position * _nextResult);
            for (int channel = 0; channel < _channels; channel++)
                ActivationRow.Apply(activation, at + ((nint)channel * _stride), _stride, bias[channel]);
        }
    }

    private void Channels(ref Tile tile, float* operand, float* result, bool add)
    {
        tile.ARow = 1;
        tile.CRow = tile.AddendRow = _stride;
        for (int channel = 0; channel < _channels; channel += Tile.Rows)
        {
            int rows = Math.Min(Tile.Rows, _channels - channel);
            tile.A = _weights.Data + channel;
            for (int example = 0; example < _stride; example += Tile.Columns)
            {
                tile.B = operand + example;
                tile.C = result + ((nint)channel * _stride) + example;
                tile.Addend = add ? tile.C : null;
                _kernel.Run(tile, rows, Math.Min(Tile.Columns, _stride - example));
            }
        }
    }

    private void Neighbours(ref Tile tile, int count, float* operand, float* result, bool add)
    {
        tile.ARow = _nextOperand;
        tile.CRow = tile.AddendRow = _nextResult;
        for (int channel = 0; channel < _channels; channel++)
        {
            tile.A = _weights.Data + channel;
            for (int first = 0; first < count; first += SharedWeightKernel.Rows)
            {
                int rows = Math.Min(SharedWeightKernel.Rows, count - first);
                for (int example = 0; example < _stride; example += Tile.Columns)
                {
                    tile.B = operand + (first * _nextOperand) + example;
                    tile.C = result + (first * _nextResult) + ((nint)channel * _stride) + example;
                    tile.Addend = add ? tile.C : null;
                    SharedWeightKernel.Run(tile, rows, Math.Min(Tile.Columns, _stride - example));
                }
            }
        }
    }
}
