using VaeCluster.Models.Graphs;

namespace VaeCluster.Evaluation.Runners;

/// <summary>The fixed rows of a program that only runs forward.</summary>
internal static class ProgramRows
{
    // 512 MB of float32 for a thread's program, whose values are all kept.
    private const long MostValues = 1L << 27;

    /// <summary>How many rows a program may have, so that a deep network on large images does not need gigabytes.</summary>
    /// <param name="rows">The most that are useful.</param>
    /// <param name="graph">The program's graph.</param>
    internal static int AtMost(int rows, Graph graph)
    {
        long values = graph.Nodes.Where(node => node.PerExample).Sum(node => (long)node.Size);
        return (int)Math.Clamp(MostValues / values, 1, rows);
    }

    /// <summary>Copies rows to the front and clears the rest.</summary>
    internal static void Fill(Span<float> input, ReadOnlySpan<float> rows)
    {
        rows.CopyTo(input);
        input[rows.Length..].Clear();
    }
}
