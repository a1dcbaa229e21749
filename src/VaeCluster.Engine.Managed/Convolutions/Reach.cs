namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>The range of kernel rows (or columns) that overlap the other grid.</summary>
/// <param name="First">The first.</param>
/// <param name="End">One past the last.</param>
internal readonly record struct Reach(int First, int End)
{
    /// <summary>The rows of a kernel placed on a grid that are inside the grid.</summary>
    /// <param name="start">Position of the kernel's first row; may be negative.</param>
    /// <param name="kernel">Rows of the kernel.</param>
    /// <param name="size">Rows of the grid.</param>
    internal static Reach Within(int start, int kernel, int size) => new(Math.Max(0, -start), Math.Min(kernel, size - start));

    /// <summary>The kernel rows that connect small positions to a large one: every stride-th from the first.</summary>
    /// <param name="padded">The large position, counted from the first row of the padding.</param>
    /// <param name="kernel">Rows of the kernel.</param>
    /// <param name="stride">Step between small positions.</param>
    /// <param name="size">Rows of the small grid.</param>
    /// <returns>The reach, and the small position that its first row belongs to.</returns>
    internal static (Reach Reach, int Position) Into(int padded, int kernel, int stride, int size)
    {
        // Row u belongs to the small position (padded − u)/stride, so the smallest row belongs to the largest position.
        int first = padded % stride;
        int position = padded / stride;
        if (position >= size)
        {
            first += (position - size + 1) * stride;
            position = size - 1;
        }

        int end = Math.Min(kernel, padded + 1);
        return first < end ? (new Reach(first, end), position) : (default, 0);
    }
}
