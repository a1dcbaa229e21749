using System.Globalization;

namespace VaeCluster.Training.Runs;

/// <summary>Names of numbered run folders: <c>001-name</c>.</summary>
public static class RunNames
{
    /// <summary>The largest number that a name may begin with; what is larger is no name of a numbered run.</summary>
    public const int LargestNumber = 999_999_999;

    /// <summary>The next free name in a folder of runs, with a number that was never given out there. Nothing is created.</summary>
    /// <param name="runs">The folder of runs; it need not exist yet.</param>
    /// <param name="name">The run's name; characters that a folder's name should not have become dashes.</param>
    public static string Next(string runs, string name)
    {
        int last = Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).Select(folder => NumberOf(Path.GetFileName(folder)) ?? 0).DefaultIfEmpty(0).Max()
            : 0;

        // Read this after the folders: a deletion records its number before the folder disappears.
        last = Math.Max(last, RunNumbers.Last(runs));
        return string.Create(CultureInfo.InvariantCulture, $"{last + 1:000}-{Clean(name)}");
    }

    /// <summary>The number that a name begins with; null: it is no name of a numbered run.</summary>
    /// <param name="name">A folder's name, without a path.</param>
    public static int? NumberOf(string name) =>
        name.Split('-') is [var digits, _, ..] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= LargestNumber
            ? number
            : null;

    /// <summary>
    /// Whether a text could be the name of a numbered run: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, so never a path.
    /// </summary>
    /// <param name="name">Any text.</param>
    public static bool IsName(string name)
    {
        const int Longest = 100;
        return name.Length <= Longest && NumberOf(name) is not null && name.All(IsPlain);
    }

    private static string Clean(string name)
    {
        const int Longest = 60;
        string clean = new([.. name.Take(Longest).Select(c => IsPlain(c) ? c : '-')]);
        return clean.Trim('-', '.') is { Length: > 0 } usable ? usable : "run";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
