using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// All channels of every position of a result: an implicit matrix product whose rows are channels and whose columns are examples. Nothing is
/// copied; a position's operands are found by its list of taps.
/// </summary>
internal sealed unsafe class ChannelProducts
{
    private readonly TileKernel _kernel;
    private readonly Place[] _places;
    private readonly int _channels;
    private readonly PackedWeights _weights;
    private readonly nint _resultRow;
    private readonly int _stride;

    /// <summary>Plans the products.</summary>
    /// <param name="kernel">Computes the tiles.</param>
    /// <param name="places">Positions of the result.</param>
    /// <param name="result">The result's grid.</param>
    /// <param name="weights">The weights, packed for this result.</param>
    /// <param name="stride">Elements from one position to the next: the examples, rounded up.</param>
    internal ChannelProducts(TileKernel kernel, Place[] places, GridShape result, PackedWeights weights, int stride)
    {
        _kernel = kernel;
        _places = places;
        _channels = result.Channels;
        _weights = weights;
        _resultRow = (nint)result.Positions * stride;
        _stride = stride;
    }

    /// <summary>Takes over the weights as they are now; comes before the positions of a pass.</summary>
    /// <param name="weights">The layer's weights in the flat vector.</param>
    internal void Begin(float* weights) => _weights.Pack(weights);

    /// <summary>Computes one position.</summary>
    /// <param name="position">Its number.</param>
    /// <param name="operand">The other grid.</param>
    /// <param name="result">The result.</param>
    /// <param name="add">Whether to add to what the result holds.</param>
    internal void Compute(int position, float* operand, float* result, bool add)
    {
        Place place = _places[position];
        for (int done = 0; done == 0 || done < place.Taps.Count; done += MatrixProducts.BlockOfK)
        {
            var tile = new Tile
            {
                ARow = 1,
                K = 1,
                Runs = Math.Min(MatrixProducts.BlockOfK, place.Taps.Count - done),
                AOffsets = place.Taps.Weights + done,
                BOffsets = place.Taps.Operands + done,
                CRow = _resultRow,
                AddendRow = _resultRow,
            };
            for (int channel = 0; channel < _channels; channel += Tile.Rows)
            {
                for (int example = 0; example < _stride; example += Tile.Columns)
                {
                    tile.A = _weights.Data + channel;
                    tile.B = operand + place.Operand + example;
                    tile.C = result + place.Result + (channel * _resultRow) + example;
                    tile.Addend = add || done > 0 ? tile.C : null;
                    _kernel.Run(tile, Math.Min(Tile.Rows, _channels - channel), Math.Min(Tile.Columns, _stride - example));
                }
            }
        }
    }
}
