namespace VaeCluster.Evaluation.Runners;

/// <summary>Fills the fixed rows of a program.</summary>
internal static class ProgramRows
{
    /// <summary>Copies rows to the front and clears the rest.</summary>
    internal static void Fill(Span<float> input, ReadOnlySpan<float> rows)
    {
        rows.CopyTo(input);
        input[rows.Length..].Clear();
    }
}
