using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>Tiles of 512-bit vectors: 12 × 32 elements use 24 accumulators, two loads of B and twelve broadcasts of A per step.</summary>
internal sealed unsafe class TileKernel512 : TileKernel
{
    private protected override void Whole(in Tile tile, int rows, int columns)
    {
        switch (rows, columns)
        {
            case (12, > 16): Rows12x2(tile); break;
            case (8, > 16): Rows8x2(tile); break;
            case (4, > 16): Rows4x2(tile); break;
            case (_, > 16): Rows1x2(tile); break;
            case (12, _): Rows12x1(tile); break;
            case (8, _): Rows8x1(tile); break;
            case (4, _): Rows4x1(tile); break;
            default: Rows1x1(tile); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Tile tile, nint row, nint column, Vector512<float> sum)
    {
        if (tile.Addend != null) sum = Vector512.Load(tile.Addend + (row * tile.AddendRow) + column) + sum;
        sum.Store(tile.C + (row * tile.CRow) + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows12x2(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero, c4b = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero, c5b = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero, c6b = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero, c7b = Vector512<float>.Zero;
        Vector512<float> c8a = Vector512<float>.Zero, c8b = Vector512<float>.Zero;
        Vector512<float> c9a = Vector512<float>.Zero, c9b = Vector512<float>.Zero;
        Vector512<float> c10a = Vector512<float>.Zero, c10b = Vector512<float>.Zero;
        Vector512<float> c11a = Vector512<float>.Zero, c11b = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            float* a2 = a0 + (6 * row);
            float* a3 = a0 + (9 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> bb = Vector512.Load(b + 16);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector512.FusedMultiplyAdd(x, bb, c0b);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                c1b = Vector512.FusedMultiplyAdd(x, bb, c1b);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                c2b = Vector512.FusedMultiplyAdd(x, bb, c2b);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                c3b = Vector512.FusedMultiplyAdd(x, bb, c3b);
                x = Vector512.Create(a1[row]);
                c4a = Vector512.FusedMultiplyAdd(x, ba, c4a);
                c4b = Vector512.FusedMultiplyAdd(x, bb, c4b);
                x = Vector512.Create(a1[2 * row]);
                c5a = Vector512.FusedMultiplyAdd(x, ba, c5a);
                c5b = Vector512.FusedMultiplyAdd(x, bb, c5b);
                x = Vector512.Create(*a2);
                c6a = Vector512.FusedMultiplyAdd(x, ba, c6a);
                c6b = Vector512.FusedMultiplyAdd(x, bb, c6b);
                x = Vector512.Create(a2[row]);
                c7a = Vector512.FusedMultiplyAdd(x, ba, c7a);
                c7b = Vector512.FusedMultiplyAdd(x, bb, c7b);
                x = Vector512.Create(a2[2 * row]);
                c8a = Vector512.FusedMultiplyAdd(x, ba, c8a);
                c8b = Vector512.FusedMultiplyAdd(x, bb, c8b);
                x = Vector512.Create(*a3);
                c9a = Vector512.FusedMultiplyAdd(x, ba, c9a);
                c9b = Vector512.FusedMultiplyAdd(x, bb, c9b);
                x = Vector512.Create(a3[row]);
                c10a = Vector512.FusedMultiplyAdd(x, ba, c10a);
                c10b = Vector512.FusedMultiplyAdd(x, bb, c10b);
                x = Vector512.Create(a3[2 * row]);
                c11a = Vector512.FusedMultiplyAdd(x, ba, c11a);
                c11b = Vector512.FusedMultiplyAdd(x, bb, c11b);
                a0 += step;
                a1 += step;
                a2 += step;
                a3 += step;
                b += columns;
            }
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
        Store(tile, 8, 0, c8a);
        Store(tile, 8, 16, c8b);
        Store(tile, 9, 0, c9a);
        Store(tile, 9, 16, c9b);
        Store(tile, 10, 0, c10a);
        Store(tile, 10, 16, c10b);
        Store(tile, 11, 0, c11a);
        Store(tile, 11, 16, c11b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8x2(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
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
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            float* a2 = a0 + (6 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> bb = Vector512.Load(b + 16);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector512.FusedMultiplyAdd(x, bb, c0b);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                c1b = Vector512.FusedMultiplyAdd(x, bb, c1b);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                c2b = Vector512.FusedMultiplyAdd(x, bb, c2b);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                c3b = Vector512.FusedMultiplyAdd(x, bb, c3b);
                x = Vector512.Create(a1[row]);
                c4a = Vector512.FusedMultiplyAdd(x, ba, c4a);
                c4b = Vector512.FusedMultiplyAdd(x, bb, c4b);
                x = Vector512.Create(a1[2 * row]);
                c5a = Vector512.FusedMultiplyAdd(x, ba, c5a);
                c5b = Vector512.FusedMultiplyAdd(x, bb, c5b);
                x = Vector512.Create(*a2);
                c6a = Vector512.FusedMultiplyAdd(x, ba, c6a);
                c6b = Vector512.FusedMultiplyAdd(x, bb, c6b);
                x = Vector512.Create(a2[row]);
                c7a = Vector512.FusedMultiplyAdd(x, ba, c7a);
                c7b = Vector512.FusedMultiplyAdd(x, bb, c7b);
                a0 += step;
                a1 += step;
                a2 += step;
                b += columns;
            }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x2(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> bb = Vector512.Load(b + 16);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector512.FusedMultiplyAdd(x, bb, c0b);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                c1b = Vector512.FusedMultiplyAdd(x, bb, c1b);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                c2b = Vector512.FusedMultiplyAdd(x, bb, c2b);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                c3b = Vector512.FusedMultiplyAdd(x, bb, c3b);
                a0 += step;
                a1 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 0, 16, c0b);
        Store(tile, 1, 0, c1a);
        Store(tile, 1, 16, c1b);
        Store(tile, 2, 0, c2a);
        Store(tile, 2, 16, c2b);
        Store(tile, 3, 0, c3a);
        Store(tile, 3, 16, c3b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x2(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> bb = Vector512.Load(b + 16);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector512.FusedMultiplyAdd(x, bb, c0b);
                a0 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 0, 16, c0b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows12x1(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero;
        Vector512<float> c8a = Vector512<float>.Zero;
        Vector512<float> c9a = Vector512<float>.Zero;
        Vector512<float> c10a = Vector512<float>.Zero;
        Vector512<float> c11a = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            float* a2 = a0 + (6 * row);
            float* a3 = a0 + (9 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                x = Vector512.Create(a1[row]);
                c4a = Vector512.FusedMultiplyAdd(x, ba, c4a);
                x = Vector512.Create(a1[2 * row]);
                c5a = Vector512.FusedMultiplyAdd(x, ba, c5a);
                x = Vector512.Create(*a2);
                c6a = Vector512.FusedMultiplyAdd(x, ba, c6a);
                x = Vector512.Create(a2[row]);
                c7a = Vector512.FusedMultiplyAdd(x, ba, c7a);
                x = Vector512.Create(a2[2 * row]);
                c8a = Vector512.FusedMultiplyAdd(x, ba, c8a);
                x = Vector512.Create(*a3);
                c9a = Vector512.FusedMultiplyAdd(x, ba, c9a);
                x = Vector512.Create(a3[row]);
                c10a = Vector512.FusedMultiplyAdd(x, ba, c10a);
                x = Vector512.Create(a3[2 * row]);
                c11a = Vector512.FusedMultiplyAdd(x, ba, c11a);
                a0 += step;
                a1 += step;
                a2 += step;
                a3 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 1, 0, c1a);
        Store(tile, 2, 0, c2a);
        Store(tile, 3, 0, c3a);
        Store(tile, 4, 0, c4a);
        Store(tile, 5, 0, c5a);
        Store(tile, 6, 0, c6a);
        Store(tile, 7, 0, c7a);
        Store(tile, 8, 0, c8a);
        Store(tile, 9, 0, c9a);
        Store(tile, 10, 0, c10a);
        Store(tile, 11, 0, c11a);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8x1(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            float* a2 = a0 + (6 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                x = Vector512.Create(a1[row]);
                c4a = Vector512.FusedMultiplyAdd(x, ba, c4a);
                x = Vector512.Create(a1[2 * row]);
                c5a = Vector512.FusedMultiplyAdd(x, ba, c5a);
                x = Vector512.Create(*a2);
                c6a = Vector512.FusedMultiplyAdd(x, ba, c6a);
                x = Vector512.Create(a2[row]);
                c7a = Vector512.FusedMultiplyAdd(x, ba, c7a);
                a0 += step;
                a1 += step;
                a2 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 1, 0, c1a);
        Store(tile, 2, 0, c2a);
        Store(tile, 3, 0, c3a);
        Store(tile, 4, 0, c4a);
        Store(tile, 5, 0, c5a);
        Store(tile, 6, 0, c6a);
        Store(tile, 7, 0, c7a);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4x1(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            float* a1 = a0 + (3 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                x = Vector512.Create(a0[row]);
                c1a = Vector512.FusedMultiplyAdd(x, ba, c1a);
                x = Vector512.Create(a0[2 * row]);
                c2a = Vector512.FusedMultiplyAdd(x, ba, c2a);
                x = Vector512.Create(*a1);
                c3a = Vector512.FusedMultiplyAdd(x, ba, c3a);
                a0 += step;
                a1 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
        Store(tile, 1, 0, c1a);
        Store(tile, 2, 0, c2a);
        Store(tile, 3, 0, c3a);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x1(in Tile tile)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector512<float> c0a = Vector512<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++;
            for (nint k = tile.K; k > 0; k--)
            {
                Vector512<float> ba = Vector512.Load(b);
                Vector512<float> x = Vector512.Create(*a0);
                c0a = Vector512.FusedMultiplyAdd(x, ba, c0a);
                a0 += step;
                b += columns;
            }
        }

        Store(tile, 0, 0, c0a);
    }
}
