using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// Matrix products in tiles. The bits depend only on the operands: each element is a chain of fused multiply-adds over ascending k within
/// blocks of <see cref="BlockOfK"/>, and the blocks are added in order. For one thread at a time.
/// </summary>
internal sealed unsafe class MatrixProducts
{
    /// <summary>Length of the longest chain. Another length would give other bits.</summary>
    internal const int BlockOfK = 1024;

    private const int TileSize = Tile.Rows * Tile.Columns;

    // Supports up to 2^24 shards.
    private const int Levels = 24;

    private readonly TileKernel _kernel;
    private readonly float* _edge;
    private readonly float* _left;
    private readonly float* _right;
    private readonly nint* _oneRun;

    /// <summary>Creates products at one vector width.</summary>
    /// <param name="kernel">Computes the tiles.</param>
    /// <param name="arena">Memory for scratch tiles.</param>
    internal MatrixProducts(TileKernel kernel, Arena arena)
    {
        _kernel = kernel;
        _edge = arena.Reserve(TileSize);
        _left = arena.Reserve(TileSize * Levels);
        _right = arena.Reserve(TileSize * Levels);
        _oneRun = (nint*)arena.Reserve(sizeof(nint) / sizeof(float));
    }

    /// <summary>Computes a product.</summary>
    /// <param name="plan">The product.</param>
    internal void Multiply(in ProductPlan plan)
    {
        if (plan.Add && plan.K > BlockOfK)
        {
            MultiplyLongAndAdd(plan);
            return;
        }

        // Blocks of k outermost, so that a block of B stays in the L2 cache for all rows of A.
        for (int k = 0; k < plan.K; k += BlockOfK)
        {
            int length = Math.Min(BlockOfK, plan.K - k);
            bool add = plan.Add || k > 0;
            for (int row = 0; row < plan.M; row += Tile.Rows)
            {
                int rows = Math.Min(Tile.Rows, plan.M - row);
                for (int column = 0; column < plan.N; column += Tile.Columns)
                {
                    Tile tile = At(plan, row, column);
                    tile.A += k * plan.AStep;
                    tile.B += k * plan.BStep;
                    tile.K = length;
                    float* c = plan.C + (row * plan.CRow) + column;
                    Finish(ref tile, rows, Math.Min(Tile.Columns, plan.N - column), c, plan.CRow, add);
                }
            }
        }
    }

    /// <summary>
    /// Computes a product whose sum over k is divided into shards: each shard's sum is computed separately, and the sums are added along
    /// the tree.
    /// </summary>
    /// <param name="plan">The product of the first shard; the other shards follow along k in A and B.</param>
    /// <param name="shards">Number of shards, a power of two.</param>
    /// <param name="add">Whether to add the finished sum to the values in C.</param>
    internal void MultiplyOverShards(in ProductPlan plan, int shards, bool add)
    {
        // Rows outermost, since C is large and written only once, row by row.
        for (int row = 0; row < plan.M; row += Tile.Rows)
        {
            int rows = Math.Min(Tile.Rows, plan.M - row);
            for (int column = 0; column < plan.N; column += Tile.Columns)
            {
                int columns = Math.Min(Tile.Columns, plan.N - column);
                Tile tile = At(plan, row, column);
                float* c = plan.C + (row * plan.CRow) + column;
                if (columns % 16 == 0)
                {
                    SumShards(plan, ref tile, row, column, rows, columns, 0, shards, 0, c, plan.CRow, add ? c : null);
                }
                else
                {
                    SumShards(plan, ref tile, row, column, rows, columns, 0, shards, 0, _edge, Tile.Columns, null);
                    CopyEdge(rows, columns, c, plan.CRow, add);
                }
            }
        }
    }

    private Tile At(in ProductPlan plan, int row, int column) => new()
    {
        Runs = 1,
        AOffsets = _oneRun,
        BOffsets = _oneRun,
        A = plan.A + (row * plan.ARow),
        ARow = plan.ARow,
        AStep = plan.AStep,
        B = plan.B + column,
        BStep = plan.BStep,
        K = plan.K,
    };

    // If a sum has several blocks, they are summed in a scratch tile first, so that the finished sum is added to C.
    private void MultiplyLongAndAdd(in ProductPlan plan)
    {
        for (int row = 0; row < plan.M; row += Tile.Rows)
        {
            int rows = Math.Min(Tile.Rows, plan.M - row);
            for (int column = 0; column < plan.N; column += Tile.Columns)
            {
                int columns = Math.Min(Tile.Columns, plan.N - column);
                Tile tile = At(plan, row, column);
                Leaf(ref tile, rows, columns, _edge, Tile.Columns, null);
                CopyEdge(rows, columns, plan.C + (row * plan.CRow) + column, plan.CRow, add: true);
            }
        }
    }

    private void Finish(ref Tile tile, int rows, int columns, float* c, nint cRow, bool add)
    {
        bool whole = columns % 16 == 0;
        tile.C = whole ? c : _edge;
        tile.CRow = whole ? cRow : Tile.Columns;
        tile.Addend = add && whole ? c : null;
        tile.AddendRow = cRow;
        _kernel.Run(tile, rows, columns);
        if (!whole) CopyEdge(rows, columns, c, cRow, add);
    }

    private void SumShards(
        in ProductPlan plan, ref Tile tile, int row, int column, int rows, int columns, int first, int count, int level, float* c,
        nint cRow, float* addend)
    {
        if (count == 1)
        {
            tile.A = plan.A + (row * plan.ARow) + ((nint)first * plan.K * plan.AStep);
            tile.B = plan.B + column + ((nint)first * plan.K * plan.BStep);
            Leaf(ref tile, rows, columns, c, cRow, addend);
            return;
        }

        // If both halves are single shards, the right one is added directly to the left; otherwise it needs its own tile.
        int half = count / 2;
        float* left = _left + (level * TileSize);
        SumShards(plan, ref tile, row, column, rows, columns, first, half, level + 1, left, Tile.Columns, null);
        if (half == 1 && addend == null)
        {
            SumShards(plan, ref tile, row, column, rows, columns, first + 1, 1, level + 1, c, cRow, left);
            return;
        }

        float* right = _right + (level * TileSize);
        SumShards(plan, ref tile, row, column, rows, columns, first + half, half, level + 1, right, Tile.Columns, null);
        AddTiles(left, right, rows, columns, c, cRow, addend);
    }

    // All leaves share one tile description: copying it would take 10 % of the time of a short chain.
    private void Leaf(ref Tile tile, int rows, int columns, float* c, nint cRow, float* addend)
    {
        nint addendRow = addend == c ? cRow : Tile.Columns;
        if (tile.K <= BlockOfK)
        {
            tile.C = c;
            tile.CRow = cRow;
            tile.Addend = addend;
            tile.AddendRow = addendRow;
            _kernel.Run(tile, rows, columns);
        }
        else
        {
            LongLeaf(tile, rows, columns, c, cRow, addend, addendRow);
        }
    }

    // Several blocks are summed in a scratch tile, then added.
    private void LongLeaf(Tile tile, int rows, int columns, float* c, nint cRow, float* addend, nint addendRow)
    {
        nint k = tile.K;
        float* sum = stackalloc float[TileSize];
        tile.C = sum;
        tile.CRow = tile.AddendRow = Tile.Columns;
        tile.Addend = null;
        for (nint done = 0; done < k; done += BlockOfK)
        {
            tile.K = Math.Min(BlockOfK, k - done);
            _kernel.Run(tile, rows, columns);
            tile.A += BlockOfK * tile.AStep;
            tile.B += BlockOfK * tile.BStep;
            tile.Addend = sum;
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column += 16)
            {
                Vector512<float> value = Vector512.Load(sum + (row * Tile.Columns) + column);
                if (addend != null) value = Vector512.Load(addend + (row * addendRow) + column) + value;
                value.Store(c + (row * cRow) + column);
            }
        }
    }

    private static void AddTiles(float* left, float* right, int rows, int columns, float* c, nint cRow, float* addend)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column += 16)
            {
                Vector512<float> sum =
                    Vector512.Load(left + (row * Tile.Columns) + column) + Vector512.Load(right + (row * Tile.Columns) + column);
                if (addend != null) sum = Vector512.Load(addend + (row * cRow) + column) + sum;
                sum.Store(c + (row * cRow) + column);
            }
        }
    }

    private void CopyEdge(int rows, int columns, float* c, nint cRow, bool add)
    {
        for (int row = 0; row < rows; row++)
        {
            float* from = _edge + (row * Tile.Columns), to = c + (row * cRow);
            int column = 0;
            for (; column <= columns - 16; column += 16)
            {
                Vector512<float> value = Vector512.Load(from + column);
                if (add) value = Vector512.Load(to + column) + value;
                value.Store(to + column);
            }

            for (; column < columns; column++) to[column] = add ? to[column] + from[column] : from[column];
        }
    }
}
