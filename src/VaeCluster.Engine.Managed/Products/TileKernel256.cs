using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// Tiles of 256-bit vectors in parts of 6 × 16 elements: 12 accumulators, two vectors of B and one of A fit in 16 registers.
/// </summary>
internal sealed unsafe class TileKernel256 : TileKernel
{
    private protected override void Whole(in Tile tile, int rows, int columns)
    {
        for (nint column = 0; column < columns; column += 16)
        {
            switch (rows)
            {
                case 12:
                    Rows6(tile, 0, column);
                    Rows6(tile, 6, column);
                    break;
                case 8:
                    Rows4(tile, 0, column);
                    Rows4(tile, 4, column);
                    break;
                case 4:
                    Rows4(tile, 0, column);
                    break;
                default:
                    Rows1(tile, column);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Tile tile, nint row, nint column, Vector256<float> first, Vector256<float> second)
    {
        if (tile.Addend != null)
        {
            float* addend = tile.Addend + (row * tile.AddendRow) + column;
            first = Vector256.Load(addend) + first;
            second = Vector256.Load(addend + 8) + second;
        }

        float* c = tile.C + (row * tile.CRow) + column;
        first.Store(c);
        second.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows6(in Tile tile, nint firstRow, nint column)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        Vector256<float> c2a = Vector256<float>.Zero, c2b = Vector256<float>.Zero;
        Vector256<float> c3a = Vector256<float>.Zero, c3b = Vector256<float>.Zero;
        Vector256<float> c4a = Vector256<float>.Zero, c4b = Vector256<float>.Zero;
        Vector256<float> c5a = Vector256<float>.Zero, c5b = Vector256<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++ + (firstRow * row), b = tile.B + *nextB++ + column;
            float* a1 = a0 + (3 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector256<float> ba = Vector256.Load(b), bb = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(*a0);
                c0a = Vector256.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector256.FusedMultiplyAdd(x, bb, c0b);
                x = Vector256.Create(a0[row]);
                c1a = Vector256.FusedMultiplyAdd(x, ba, c1a);
                c1b = Vector256.FusedMultiplyAdd(x, bb, c1b);
                x = Vector256.Create(a0[2 * row]);
                c2a = Vector256.FusedMultiplyAdd(x, ba, c2a);
                c2b = Vector256.FusedMultiplyAdd(x, bb, c2b);
                x = Vector256.Create(*a1);
                c3a = Vector256.FusedMultiplyAdd(x, ba, c3a);
                c3b = Vector256.FusedMultiplyAdd(x, bb, c3b);
                x = Vector256.Create(a1[row]);
                c4a = Vector256.FusedMultiplyAdd(x, ba, c4a);
                c4b = Vector256.FusedMultiplyAdd(x, bb, c4b);
                x = Vector256.Create(a1[2 * row]);
                c5a = Vector256.FusedMultiplyAdd(x, ba, c5a);
                c5b = Vector256.FusedMultiplyAdd(x, bb, c5b);
                a0 += step;
                a1 += step;
                b += columns;
            }
        }

        Store(tile, firstRow, column, c0a, c0b);
        Store(tile, firstRow + 1, column, c1a, c1b);
        Store(tile, firstRow + 2, column, c2a, c2b);
        Store(tile, firstRow + 3, column, c3a, c3b);
        Store(tile, firstRow + 4, column, c4a, c4b);
        Store(tile, firstRow + 5, column, c5a, c5b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4(in Tile tile, nint firstRow, nint column)
    {
        nint row = tile.ARow, step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        Vector256<float> c2a = Vector256<float>.Zero, c2b = Vector256<float>.Zero;
        Vector256<float> c3a = Vector256<float>.Zero, c3b = Vector256<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++ + (firstRow * row), b = tile.B + *nextB++ + column;
            float* a1 = a0 + (3 * row);
            for (nint k = tile.K; k > 0; k--)
            {
                Vector256<float> ba = Vector256.Load(b), bb = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(*a0);
                c0a = Vector256.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector256.FusedMultiplyAdd(x, bb, c0b);
                x = Vector256.Create(a0[row]);
                c1a = Vector256.FusedMultiplyAdd(x, ba, c1a);
                c1b = Vector256.FusedMultiplyAdd(x, bb, c1b);
                x = Vector256.Create(a0[2 * row]);
                c2a = Vector256.FusedMultiplyAdd(x, ba, c2a);
                c2b = Vector256.FusedMultiplyAdd(x, bb, c2b);
                x = Vector256.Create(*a1);
                c3a = Vector256.FusedMultiplyAdd(x, ba, c3a);
                c3b = Vector256.FusedMultiplyAdd(x, bb, c3b);
                a0 += step;
                a1 += step;
                b += columns;
            }
        }

        Store(tile, firstRow, column, c0a, c0b);
        Store(tile, firstRow + 1, column, c1a, c1b);
        Store(tile, firstRow + 2, column, c2a, c2b);
        Store(tile, firstRow + 3, column, c3a, c3b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1(in Tile tile, nint column)
    {
        nint step = tile.AStep, columns = tile.BStep;
        nint* nextA = tile.AOffsets, nextB = tile.BOffsets;
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        for (nint run = tile.Runs; run > 0; run--)
        {
            float* a0 = tile.A + *nextA++, b = tile.B + *nextB++ + column;
            for (nint k = tile.K; k > 0; k--)
            {
                Vector256<float> ba = Vector256.Load(b), bb = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(*a0);
                c0a = Vector256.FusedMultiplyAdd(x, ba, c0a);
                c0b = Vector256.FusedMultiplyAdd(x, bb, c0b);
                a0 += step;
                b += columns;
            }
        }

        Store(tile, 0, column, c0a, c0b);
    }
}
