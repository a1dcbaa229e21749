namespace VaeCluster.Engine.Managed.Products;

/// <summary>
/// One tile of a matrix product: up to <see cref="Rows"/> × <see cref="Columns"/> elements, each a chain of fused multiply-adds over k ascending
/// from 0, run after run, then added to what <see cref="Addend"/> points to where that is set.
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

    /// <summary>Element (0, 0) of B; the columns of one k are contiguous, and whole vectors of them can be read.</summary>
    internal float* B;

    /// <summary>Elements from one k of B to the next.</summary>
    internal nint BStep;

    /// <summary>Steps of k in a run.</summary>
    internal nint K;

    /// <summary>Runs that the chain consists of.</summary>
    internal nint Runs;

    /// <summary>For each run where it begins, in elements from <see cref="A"/>.</summary>
    internal nint* AOffsets;

    /// <summary>For each run where it begins, in elements from <see cref="B"/>.</summary>
    internal nint* BOffsets;

    /// <summary>Where the tile goes; whole vectors can be written.</summary>
    internal float* C;

    /// <summary>Elements from one row of C to the next.</summary>
    internal nint CRow;

    /// <summary>Left operand of the final addition, with the strides of C; null: none.</summary>
    internal float* Addend;

    /// <summary>Elements from one row of the addend to the next.</summary>
    internal nint AddendRow;
}
