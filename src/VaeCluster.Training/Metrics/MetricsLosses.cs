using System.Globalization;

namespace VaeCluster.Training.Metrics;

/// <summary>What was found damaged in metrics.jsonl up to the step that a run goes on from.</summary>
/// <param name="Steps">That step: lines of steps 1 to it should be there.</param>
/// <param name="Unreadable">Lines that are no metrics; they are dropped.</param>
/// <param name="Doubled">Lines that are there twice or out of order; the first in order is kept.</param>
/// <param name="Missing">Steps without a line.</param>
/// <param name="FirstMissing">The first of them; 0: none.</param>
public sealed record MetricsLosses(int Steps, int Unreadable, int Doubled, int Missing, int FirstMissing)
{
    /// <summary>The losses in one line; null if there are none.</summary>
    public string? Describe()
    {
        if (Missing == Steps && Steps > 0 && Doubled == 0)
            return string.Create(CultureInfo.InvariantCulture, $"metrics.jsonl has no line of the {Steps:#,0} steps that are done");
        var parts = new List<string>();
        if (Unreadable > 0) parts.Add($"{Lines(Unreadable)} could not be read");
        if (Doubled > 0) parts.Add($"{Lines(Doubled)} {(Doubled == 1 ? "was" : "were")} doubled or out of order");
        if (Missing > 0)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Missing:#,0} of {Steps:#,0} steps {(Missing == 1 ? "is" : "are")} missing, the first is step {FirstMissing:#,0}"));
        }

        return parts.Count == 0 ? null : $"metrics.jsonl is damaged: {string.Join("; ", parts)}; the other lines are kept";
    }

    private static string Lines(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "line" : "lines")}");
}
