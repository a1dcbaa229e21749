namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>The clone that holds these tests.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The chart.</summary>
    internal static string Chart { get; } = At("helm", "vaecluster");

    /// <summary>A path below it.</summary>
    /// <param name="names">Names from the root on.</param>
    internal static string At(params string[] names) => Path.Combine([Root, .. names]);

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
