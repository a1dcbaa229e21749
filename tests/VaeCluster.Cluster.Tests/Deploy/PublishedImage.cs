using System.Collections.Concurrent;
using System.Diagnostics;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>The content of the image of deploy/Dockerfile, published by its own commands into a folder instead of /app.</summary>
public sealed class PublishedImage : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Lazy<bool>> _published = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-image-").FullName;

    /// <summary>The Dockerfile.</summary>
    internal ImageFile File { get; } = new("Dockerfile");

    /// <summary>The folder that stands for /app; published when it is first asked for.</summary>
    internal string App
    {
        get
        {
            foreach (string command in File.PublishCommands)
                _ = _published.GetOrAdd(command, line => new Lazy<bool>(() => Publish(line))).Value;
            return _folder;
        }
    }

    /// <summary>The words that start a container, with paths of this machine.</summary>
    /// <param name="command">The pod's command; none: the image's entry point.</param>
    /// <param name="arguments">The pod's arguments.</param>
    internal string[] Words(IEnumerable<string> command, IEnumerable<string> arguments)
    {
        string[] given = [.. command];
        IEnumerable<string> words = given.Length > 0 ? given : File.Entrypoint;
        return [.. words.Select(word => word.Replace("/app/", App + "/", StringComparison.Ordinal)), .. arguments];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private bool Publish(string command)
    {
        // The original command with another target folder, and without a build server that outlives the test.
        string[] words = [.. command.Replace(" /app/", $" {_folder}/", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string log = Path.Combine(_folder, "publish.log");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. words, "-nodeReuse:false",
            "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = Repository.Root,
        };
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        // The test host's own variables would affect the build.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)
            || name == "DOTNET_HOST_PATH").ToArray())
            start.Environment.Remove(name);
        using Process process = Process.Start(start)!;
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(System.IO.File.ReadAllText(log));
        }

        Assert.True(process.ExitCode == 0, System.IO.File.ReadAllText(log));
        return true;
    }
}
