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
    private readonly nint _weightRow;
    private readonly nint _resultRow;
    private readonly int _stride;

    /// <summary>Plans the products.</summary>
    /// <param name="kernel">Computes the tiles.</param>
    /// <param name="places">Positions of the result.</param>
    /// <param name="result">The result's grid.</param>
    /// <param name="weightRow">Elements from the weights of one channel of the result to those of the next.</param>
    /// <param name="stride">Elements from one position to the next: the examples, rounded up.</param>
    internal ChannelProducts(TileKernel kernel, Place[] places, GridShape result, nint weightRow, int stride)
    {
        _kernel = kernel;
        _places = places;
        _channels = result.Channels;
        _weightRow = weightRow;
        _resultRow = (nint)result.Positions * stride;
        _stride = stride;
    }

    /// <summary>Computes one position.</summary>
    /// <param name="position">Its number.</param>
    /// <param name="weights">The first weight.</param>
    /// <param name="operand">The other grid.</param>
    /// <param name="result">The result.</param>
    /// <param name="add">Whether to add to what the result holds.</param>
    internal void Compute(int position, float* weights, float* operand, float* result, bool add)
    {
        Place place = _places[position];
        for (int done = 0; done == 0 || done < place.Taps.Count; done += MatrixProducts.BlockOfK)
        {
            var tile = new Tile
            {
                ARow = _weightRow, K = 1, Runs = Math.Min(MatrixProducts.BlockOfK, place.Taps.Count - done),
                AOffsets = place.Taps.Weights + done, BOffsets = place.Taps.Operands + done,
                CRow = _resultRow, AddendRow = _resultRow,
            };
            for (int channel = 0; channel < _channels; channel += Tile.Rows)
            {
                for (int example = 0; example < _stride; example += Tile.Columns)
                {
                    tile.A = weights + (channel * _weightRow);
                    tile.B = operand + place.Operand + example;
                    tile.C = result + place.Result + (channel * _resultRow) + example;
                    tile.Addend = add || done > 0 ? tile.C : null;
                    _kernel.Run(tile, Math.Min(Tile.Rows, _channels - channel), Math.Min(Tile.Columns, _stride - example));
                }
            }
        }
    }
}
