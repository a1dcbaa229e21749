using VaeCluster.Training.Runs;

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
        return Path.Combine(runs, RunNames.Next(runs, name));
    }

    /// <summary>A path as a person would type it: relative where it lies below the current folder, else absolute.</summary>
    /// <param name="current">The current folder.</param>
    /// <param name="path">The path.</param>
    internal static string Show(string current, string path)
    {
        string relative = Path.GetRelativePath(current, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }
}
