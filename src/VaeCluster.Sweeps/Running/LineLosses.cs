using System.Globalization;

namespace VaeCluster.Sweeps.Running;

/// <summary>What is damaged in a file of lines.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Unreadable">Lines before others that could not be read.</param>
/// <param name="Doubled">Lines that are there twice.</param>
internal sealed record LineLosses(string File, int Unreadable, int Doubled)
{
    /// <summary>The losses in one line; null if there are none.</summary>
    internal string? Describe()
    {
        var parts = new List<string>();
        if (Unreadable > 0) parts.Add($"{Lines(Unreadable)} cannot be read");
        if (Doubled > 0) parts.Add($"{Lines(Doubled)} {(Doubled == 1 ? "is" : "are")} there twice");
        return parts.Count == 0 ? null : $"{File} is damaged: {string.Join(" and ", parts)}; the sweep goes on with the others";
    }

    private static string Lines(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "line" : "lines")}");
}
