namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// One tile of a matrix product: up to <see cref="Rows"/> × <see cref="Columns"/> elements, each a chain of fused multiply-adds over
/// ascending k, run after run, finally added to <see cref="Addend"/> if that is set.
/// </summary>
internal unsafe struct Tile
{
    /// <summary>Rows of the largest tile.</summary>
    internal const int Rows = 12;

    /// <summary>Columns of the largest tile: two vectors of 16 lanes.</summary>
    internal const int Columns = 32;

    /// <summary>Element (0, 0) of A; element (i, k) is at i·<see cref="ARow"/> + k·<see cref="AStep"/>.</summary>
    internal float* A;

    /// <summary>Elements from one row of A to the next.</summary>
    internal nint ARow;

    /// <summary>Elements from one k of A to the next.</summary>
    internal nint AStep;

    /// <summary>Element (0, 0) of B; the columns of one k are contiguous and padded to whole vectors.</summary>
    internal float* B;

    /// <summary>Elements from one k of B to the next.</summary>
    internal nint BStep;

    /// <summary>Number of steps of k per run.</summary>
    internal nint K;

    /// <summary>Number of runs.</summary>
    internal nint Runs;

    /// <summary>The offset of each run from <see cref="A"/>, in elements.</summary>
    internal nint* AOffsets;

    /// <summary>The offset of each run from <see cref="B"/>, in elements.</summary>
    internal nint* BOffsets;

    /// <summary>The destination; padded to whole vectors.</summary>
    internal float* C;

    /// <summary>Elements from one row of C to the next.</summary>
    internal nint CRow;

    /// <summary>Left operand of the final addition; null for none.</summary>
    internal float* Addend;

    /// <summary>Elements from one row of the addend to the next.</summary>
    internal nint AddendRow;
}
