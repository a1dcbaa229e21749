using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// Tiles whose rows share one row of A but have different operands in B: several positions of a convolution that has too few channels to
/// fill a tile. The order of operations, and so the bits, are those of <see cref="TileKernel"/>.
/// </summary>
internal static unsafe class SharedWeightKernel
{
    /// <summary>Rows of the largest tile.</summary>
    internal const int Rows = 8;

    /// <summary>Computes a tile; columns are rounded up to whole vectors of 16. Each run has one step of k.</summary>
    /// <param name="tile">The tile; here <see cref="Tile.ARow"/> is the distance between the operands of two rows in B.</param>
    /// <param name="rows">Rows to compute, at most 8.</param>
    /// <param name="columns">Columns to compute, at most 32.</param>
    internal static void Run(in Tile tile, int rows, int columns)
    {
        if (rows == Rows && columns > 16) Rows8x2(tile);
        else RunByRow(tile, rows, columns);
    }

    private static void RunByRow(Tile tile, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Row(tile);
            if (columns > 16)
            {
                Tile right = tile;
                right.B += 16;
                right.C += 16;
                if (tile.Addend != null) right.Addend += 16;
                Row(right);
            }

            tile.B += tile.ARow;
            tile.C += tile.CRow;
            if (tile.Addend != null) tile.Addend += tile.AddendRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row(in Tile tile)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (nint run = 0; run < tile.Runs; run++)
            sum =
                Vector512.FusedMultiplyAdd(Vector512.Create(tile.A[tile.AOffsets[run]]), Vector512.Load(tile.B + tile.BOffsets[run]), sum);
        Store(tile, 0, 0, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8x2(in Tile tile)
    {
        nint row = tile.ARow;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero, c4b = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero, c5b = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero, c6b = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero, c7b = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            Vector512<float> w = Vector512.Create(tile.A[*nextA++]);
            float* b0 = tile.B + *nextB++;
            float* b3 = b0 + (3 * row);
            float* b6 = b3 + (3 * row);
            c0a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0), c0a);
            c0b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0 + 16), c0b);
            c1a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0 + row), c1a);
            c1b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0 + row + 16), c1b);
            c2a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0 + (2 * row)), c2a);
            c2b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b0 + (2 * row) + 16), c2b);
            c3a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3), c3a);
            c3b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3 + 16), c3b);
            c4a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3 + row), c4a);
            c4b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3 + row + 16), c4b);
            c5a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3 + (2 * row)), c5a);
            c5b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b3 + (2 * row) + 16), c5b);
            c6a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b6), c6a);
            c6b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b6 + 16), c6b);
            c7a = Vector512.FusedMultiplyAdd(w, Vector512.Load(b6 + row), c7a);
            c7b = Vector512.FusedMultiplyAdd(w, Vector512.Load(b6 + row + 16), c7b);
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 0, 16, c0b);
        Store(tile, 1, 0, c1a);
        Store(tile, 1, 16, c1b);
        Store(tile, 2, 0, c2a);
        Store(tile, 2, 16, c2b);
        Store(tile, 3, 0, c3a);
        Store(tile, 3, 16, c3b);
        Store(tile, 4, 0, c4a);
        Store(tile, 4, 16, c4b);
        Store(tile, 5, 0, c5a);
        Store(tile, 5, 16, c5b);
        Store(tile, 6, 0, c6a);
        Store(tile, 6, 16, c6b);
        Store(tile, 7, 0, c7a);
        Store(tile, 7, 16, c7b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Tile tile, nint row, nint column, Vector512<float> sum)
    {
        if (tile.Addend != null) sum = Vector512.Load(tile.Addend + (row * tile.AddendRow) + column) + sum;
        sum.Store(tile.C + (row * tile.CRow) + column);
    }
}
