using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// ∂W[m, n, u, v] = Σ over small positions and examples of small[m, i, j]·large[n, i·stride + u − padding, j·stride + v − padding]. The
/// large grid is first transposed so that the channels of an example are adjacent; then there is a product of small channels by large
/// channels for each (u, v), summed over positions and examples. A grid with few channels is instead transposed together with its
/// neighbourhood, so that the product has enough columns.
/// </summary>
internal sealed unsafe class ConvWeightGradient
{
    // From this many channels on, vectors of channels are efficient.
    private const int ManyChannels = 8;

    private readonly ConvGeometry _g;
    private readonly ShardTree _tree;
    private readonly TileKernel _kernel;
    private readonly int _stride;
    private readonly bool _turnsNeighbourhoods;
    private readonly int _largeColumns;
    private readonly Scratch? _scratch;
    private readonly float* _neighbourhoods;
    private readonly float* _sums;
    private readonly Runs[] _runs;

    /// <summary>Plans the sums.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="context">The program.</param>
    internal ConvWeightGradient(ConvGeometry geometry, ProgramContext context)
    {
        _g = geometry;
        _tree = context.Tree;
        _kernel = context.Weights.Kernel;
        _stride = context.Stride;
        _turnsNeighbourhoods = geometry.Large.Channels < ManyChannels;
        int columns = _turnsNeighbourhoods ? geometry.Large.Channels * geometry.KernelArea : geometry.Large.Channels;
        int positions = _turnsNeighbourhoods ? geometry.Small.Positions : geometry.Large.Positions;
        _largeColumns = RoundUp(columns);
        long length = (long)positions * _stride * _largeColumns;
        if (_turnsNeighbourhoods)
        {
            _neighbourhoods = context.Arena.Reserve(length);
        }
        else
        {
            _scratch = context.Scratch;
            _scratch.Demand(length);
        }

        _sums = context.Arena.Reserve((long)_tree.Shards * ShardLength);
        _runs = _turnsNeighbourhoods ? [EveryPosition(context.Arena)] : [.. PositionsByTap(context.Arena)];
    }

    // Neighbourhoods rely on zeros beyond the edges; everything else is written anew each time, in memory that the layers share.
    private float* Large => _scratch is null ? _neighbourhoods : _scratch.Data;

    // One shard's sums: [small channels, large columns] for each run.
    private int ShardLength => (_turnsNeighbourhoods ? 1 : _g.KernelArea) * RoundUpRows(_g.Small.Channels) * _largeColumns;

    /// <summary>Computes the gradient.</summary>
    /// <param name="small">The small grid: a convolution's ∂Y, a transposed one's X.</param>
    /// <param name="large">The large grid: a convolution's X, a transposed one's ∂Y.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <param name="add">Whether to add it to the existing values.</param>
    internal void Compute(float* small, float* large, float* gradient, bool add)
    {
        if (_turnsNeighbourhoods) TurnNeighbourhoods(large);
        else TurnPositions(large);

        for (int shard = 0; shard < _tree.Shards; shard++)
            for (int run = 0; run < _runs.Length; run++) SumShard(shard, run, small);
        for (int m = 0; m < _g.Small.Channels; m++)
        {
            float* to = gradient + ((nint)m * _g.Large.Channels * _g.KernelArea);
            for (int n = 0; n < _g.Large.Channels; n++)
            {
                for (int tap = 0; tap < _g.KernelArea; tap++)
                {
                    float sum = _tree.SumShards(_sums + PlaceOf(m, n, tap), ShardLength);
                    to[(n * _g.KernelArea) + tap] = add ? to[(n * _g.KernelArea) + tap] + sum : sum;
                }
            }
        }
    }

    private static int RoundUp(int columns) => (columns + 15) & ~15;

    private static int RoundUpRows(int rows) => (rows + Tile.Rows - 1) / Tile.Rows * Tile.Rows;

    private nint PlaceOf(int m, int n, int tap) => _turnsNeighbourhoods
        ? ((nint)m * _largeColumns) + (n * _g.KernelArea) + tap
        : ((nint)tap * RoundUpRows(_g.Small.Channels) * _largeColumns) + ((nint)m * _largeColumns) + n;

    private void SumShard(int shard, int run, float* small)
    {
        Runs runs = _runs[run];
        float* sums = _sums + ((nint)shard * ShardLength) + ((nint)run * RoundUpRows(_g.Small.Channels) * _largeColumns);

        // Blocks of whole positions, so that the order of the sum does not depend on the rest of the program.
        int block = Math.Max(1, MatrixProducts.BlockOfK / _tree.Rows);
        for (int done = 0; done == 0 || done < runs.Count; done += block)
        {
            for (int column = 0; column < _largeColumns; column += Tile.Columns)
            {
                for (int row = 0; row < _g.Small.Channels; row += Tile.Rows)
                {
                    float* c = sums + ((nint)row * _largeColumns) + column;
                    _kernel.Run(
                        new Tile
                        {
                            A = small + (shard * _tree.Rows) + ((nint)row * _stride),
                            ARow = _stride,
                            AStep = 1,
                            B = Large + ((nint)shard * _tree.Rows * _largeColumns) + column,
                            BStep = _largeColumns,
                            K = _tree.Rows,
                            Runs = Math.Min(block, runs.Count - done),
                            AOffsets = runs.Small + done,
                            BOffsets = runs.Large + done,
                            C = c,
                            CRow = _largeColumns,
                            Addend = done > 0 ? c : null,
                            AddendRow = _largeColumns,
                        },
                        Math.Min(Tile.Rows, _g.Small.Channels - row), Math.Min(Tile.Columns, _largeColumns - column));
                }
            }
        }
    }

    // [position, example, channel].
    private void TurnPositions(float* large)
    {
        nint from = (nint)_g.Large.Channels * _stride, to = (nint)_stride * _largeColumns;
        for (int position = 0; position < _g.Large.Positions; position++)
            Transposition.Run(large + (position * from), _stride, _g.Large.Channels, _stride, Large + (position * to), _largeColumns);
    }

    // [position, example, (n, u, v)]; elements beyond an edge stay zero from the allocation.
    private void TurnNeighbourhoods(float* large)
    {
        for (int i = 0; i < _g.Small.Height; i++)
        {
            int top = (i * _g.Stride) - _g.Padding;
            Reach rows = Reach.Within(top, _g.Kernel, _g.Large.Height);
            for (int j = 0; j < _g.Small.Width; j++)
            {
                int left = (j * _g.Stride) - _g.Padding;
                Reach columns = Reach.Within(left, _g.Kernel, _g.Large.Width);
                float* to = Large + ((nint)((i * _g.Small.Width) + j) * _stride * _largeColumns);
                for (int n = 0; n < _g.Large.Channels; n++)
                {
                    for (int u = rows.First; u < rows.End; u++)
                    {
                        nint from = _g.Large.RowOf(top + u, left + columns.First, n) * _stride;
                        Transposition.Run(
                            large + from, (nint)_g.Large.Channels * _stride, columns.End - columns.First, _stride,
                            to + (n * _g.KernelArea) + (u * _g.Kernel) + columns.First, _largeColumns);
                    }
                }
            }
        }
    }

    private Runs EveryPosition(Arena arena)
    {
        var runs = new Runs(_g.Small.Positions, arena);
        for (int position = 0; position < _g.Small.Positions; position++)
            runs.Add((nint)position * _g.Small.Channels * _stride, (nint)position * _stride * _largeColumns);
        return runs;
    }

    private IEnumerable<Runs> PositionsByTap(Arena arena)
    {
        for (int tap = 0; tap < _g.KernelArea; tap++)
        {
            int u = tap / _g.Kernel, v = tap % _g.Kernel;
            var runs = new Runs(_g.Small.Positions, arena);
            for (int position = 0; position < _g.Small.Positions; position++)
            {
                int top = (position / _g.Small.Width * _g.Stride) + u - _g.Padding,
                left = (position % _g.Small.Width * _g.Stride) + v - _g.Padding;
                if (top < 0 || top >= _g.Large.Height || left < 0 || left >= _g.Large.Width) continue;
                runs.Add((nint)position * _g.Small.Channels * _stride, (nint)((top * _g.Large.Width) + left) * _stride * _largeColumns);
            }

            yield return runs;
        }
    }
}
