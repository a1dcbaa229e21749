namespace VaeCluster.Engine.Managed.Products;

/// <summary>One element at a time: the definition that the vector kernels must match, also used on machines without vectors.</summary>
internal sealed unsafe class TileKernelScalar : TileKernel
{
    private protected override void Whole(in Tile tile, int rows, int columns)
    {
        int width = (columns + 15) & ~15;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < width; column++)
            {
                float sum = Chain(tile, row, column);
                if (tile.Addend != null) sum = tile.Addend[(row * tile.AddendRow) + column] + sum;
                tile.C[(row * tile.CRow) + column] = sum;
            }
        }
    }

    private static float Chain(in Tile tile, int row, int column)
    {
        float sum = 0f;
        for (nint run = 0; run < tile.Runs; run++)
        {
            float* a = tile.A + tile.AOffsets[run] + (row * tile.ARow);
            float* b = tile.B + tile.BOffsets[run] + column;
            for (nint k = 0; k < tile.K; k++) sum = MathF.FusedMultiplyAdd(a[k * tile.AStep], b[k * tile.BStep], sum);
        }

        return sum;
    }
}
