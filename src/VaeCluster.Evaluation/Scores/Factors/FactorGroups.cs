namespace VaeCluster.Evaluation.Scores.Factors;

/// <summary>The rows grouped by the value of each factor.</summary>
internal sealed class FactorGroups
{
    private readonly FactorCodes _codes;
    private readonly int[][][] _rows;

    internal FactorGroups(FactorCodes codes)
    {
        _codes = codes;
        _rows = new int[codes.Names.Count][][];
        for (int f = 0; f < _rows.Length; f++)
        {
            int[] column = codes.FactorColumn(f);
            var rows = new List<int>[codes.Sizes[f]];
            for (int value = 0; value < rows.Length; value++) rows[value] = [];
            for (int row = 0; row < column.Length; row++) rows[column[row]].Add(row);
            _rows[f] = [.. rows.Select(group => group.ToArray())];
        }
    }

    /// <summary>All rows, in order, that share a factor's value with the given row; never empty.</summary>
    internal ReadOnlySpan<int> SharedWith(int row, int factor) => _rows[factor][_codes.Factor(row, factor)];
}
