using System.Reflection;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Sweeps.Ready;

/// <summary>Sweep files that come with the program: they need no data and no file.</summary>
public static class ReadySweeps
{
    private const string Prefix = "sweeps/", Suffix = ".yaml";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of one.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadInputException">There is none of this name.</exception>
    public static string Text(string name)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null) throw new BadInputException("--ready", null, name, $"one of {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
