namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>The values files to test: those that users get, and those that test each option.</summary>
internal static class ValueFiles
{
    /// <summary>Stands for the chart's defaults.</summary>
    internal const string Defaults = "defaults";

    /// <summary>All of them, by name.</summary>
    internal static TheoryData<string> All { get; } = [Defaults, .. Names(Users), .. Names(Ours)];

    private static string Users => Repository.At("deploy", "values");

    private static string Ours => Repository.At("tests", "VaeCluster.Deploy.Tests", "Values");

    /// <summary>Renders the chart with a values file.</summary>
    /// <param name="name">Its name.</param>
    internal static IReadOnlyList<Manifest> Render(string name) => name == Defaults ? HelmChart.Render() : HelmChart.Render(PathOf(name));

    /// <summary>The file of one.</summary>
    /// <param name="name">Its name.</param>
    internal static string PathOf(string name)
    {
        string users = Path.Combine(Users, $"{name}.yaml");
        return File.Exists(users) ? users : Path.Combine(Ours, $"{name}.yaml");
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
}
