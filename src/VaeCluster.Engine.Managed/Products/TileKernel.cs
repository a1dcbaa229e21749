namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// Computes tiles at one vector width. Every element is the same chain of fused multiply-adds at every width and in every shape of tile, so the
/// bits do not depend on which kernel computed it.
/// </summary>
internal abstract unsafe class TileKernel
{
    /// <summary>Computes a tile of 1 to 12 rows; its columns are rounded up to whole vectors of 16.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Rows that are computed.</param>
    /// <param name="columns">Columns that are wanted, at most 32.</param>
    internal void Run(in Tile tile, int rows, int columns)
    {
        // Nearly every tile is of these; copying the description would cost a tenth of a small one's time.
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
