using System.Reflection;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Sweeps.Ready;

/// <summary>Built-in sweep files, which need no downloads and no other files.</summary>
public static class ReadySweeps
{
    private const string Prefix = "sweeps/", Suffix = ".yaml";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length])
                .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a built-in sweep file.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadInputException">There is no built-in sweep of this name.</exception>
    public static string Text(string name)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null)
            throw new BadInputException("--ready", null, name, $"one of {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
