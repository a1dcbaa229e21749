namespace VaeCluster.Engine.Managed.Products;

/// <summary>C = A·B, or C + A·B: element (i, j) of C is the sum over k of A(i, k)·B(k, j).</summary>
internal unsafe struct ProductPlan
{
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

    /// <summary>Element (0, 0) of C; only elements of the product are written.</summary>
    internal float* C;

    /// <summary>Elements from one row of C to the next.</summary>
    internal nint CRow;

    /// <summary>Rows of A and C.</summary>
    internal int M;

    /// <summary>Columns of B and C.</summary>
    internal int N;

    /// <summary>Length of a sum.</summary>
    internal int K;

    /// <summary>Whether to add the finished sums to the values in C.</summary>
    internal bool Add;
}
