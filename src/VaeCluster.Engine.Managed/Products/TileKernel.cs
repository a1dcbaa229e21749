namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// Computes tiles at one vector width. Every element is the same chain of fused multiply-adds at every width and tile shape, so the bits do
/// not depend on the kernel.
/// </summary>
internal abstract unsafe class TileKernel
{
    /// <summary>Computes a tile of 1 to 12 rows; columns are rounded up to whole vectors of 16.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Rows to compute.</param>
    /// <param name="columns">Columns to compute, at most 32.</param>
    internal void Run(in Tile tile, int rows, int columns)
    {
        // Most tiles have these sizes; copying the description would take 10 % of the time of a small tile.
        if (rows is 12 or 8 or 4 or 1) Whole(tile, rows, columns);
        else RunInParts(tile, rows, columns);
    }

    /// <summary>Computes a tile of exactly 12, 8, 4 or 1 rows.</summary>
    private protected abstract void Whole(in Tile tile, int rows, int columns);

    private void RunInParts(Tile tile, int rows, int columns)
    {
        while (rows > 0)
        {
            int part = rows switch { >= 12 => 12, >= 8 => 8, >= 4 => 4, _ => 1 };
            Whole(tile, part, columns);
            tile.A += part * tile.ARow;
            tile.C += part * tile.CRow;
            if (tile.Addend != null) tile.Addend += part * tile.AddendRow;
            rows -= part;
        }
    }
}
