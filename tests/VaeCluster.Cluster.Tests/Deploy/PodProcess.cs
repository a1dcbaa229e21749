using System.Diagnostics;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>A container of the chart as a process of this machine.</summary>
/// <param name="words">The program and its arguments.</param>
/// <param name="environment">All of its environment.</param>
/// <param name="folder">Its current folder.</param>
internal sealed class PodProcess(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string folder)
    : ProgramProcess(Start(words, environment, folder))
{
    private static ProcessStartInfo Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { WorkingDirectory = folder };
        string? path = Environment.GetEnvironmentVariable("PATH"), root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        if (root is not null) start.Environment["DOTNET_ROOT"] = root;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return start;
    }
}
