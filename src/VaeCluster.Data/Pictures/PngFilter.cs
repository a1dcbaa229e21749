namespace VaeCluster.Data.Pictures;

/// <summary>PNG's row filters (PNG specification, section 9).</summary>
internal static class PngFilter
{
    /// <summary>Undoes a filter in place.</summary>
    /// <param name="filter">The filter's number.</param>
    /// <param name="row">The filtered row.</param>
    /// <param name="above">The unfiltered row above, or zeros for the first row.</param>
    /// <param name="back">Distance in bytes to the pixel on the left.</param>
    /// <returns>False if there is no such filter.</returns>
    internal static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int back)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = back; i < row.Length; i++) row[i] += row[i - back];
                return true;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++) row[i] += (byte)(((i >= back ? row[i - back] : 0) + above[i]) / 2);
                return true;
            case 4:
                for (int i = 0; i < row.Length; i++)
                    row[i] += i >= back ? Paeth(row[i - back], above[i], above[i - back]) : above[i];
                return true;
            default:
                return false;
        }
    }

    private static byte Paeth(byte left, byte up, byte corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - (2 * corner));
        if (toLeft <= toUp && toLeft <= toCorner) return left;
        return toUp <= toCorner ? up : corner;
    }
}
