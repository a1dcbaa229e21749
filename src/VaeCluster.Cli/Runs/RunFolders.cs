using System.Globalization;

namespace VaeCluster.Cli.Runs;

/// <summary>Names fresh run folders.</summary>
internal static class RunFolders
{
    /// <summary>A numbered folder that does not exist yet: <c>runs/001-name</c>. Nothing is created.</summary>
    /// <param name="current">The folder that holds <c>runs</c>.</param>
    /// <param name="name">The run's name; characters that a folder's name should not have become dashes.</param>
    internal static string Next(string current, string name)
    {
        string runs = Path.Combine(current, "runs");
        int last = Directory.Exists(runs) ? Directory.EnumerateDirectories(runs).Select(NumberOf).DefaultIfEmpty(0).Max() : 0;
        return Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"{last + 1:000}-{Clean(name)}"));
    }

    /// <summary>A path as a person would type it: relative where it lies below the current folder, else absolute.</summary>
    /// <param name="current">The current folder.</param>
    /// <param name="path">The path.</param>
    internal static string Show(string current, string path)
    {
        string relative = Path.GetRelativePath(current, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }

    private static int NumberOf(string folder)
    {
        string digits = Path.GetFileName(folder).Split('-')[0];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private static string Clean(string name)
    {
        const int Longest = 60;
        string clean = new([.. name.Take(Longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-')]);
        return clean.Trim('-', '.') is { Length: > 0 } usable ? usable : "run";
    }
}
