using System.Diagnostics;

namespace VaeCluster.Exchange.Tests;

/// <summary>A folder for one test; disposing it deletes it.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("vaecluster-exchange-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>An empty file.</summary>
    internal string Empty()
    {
        string path = System.IO.Path.Combine(Path, "file");
        File.WriteAllBytes(path, []);
        return path;
    }

    /// <summary>A named pipe, which holds whoever opens it until somebody writes to it.</summary>
    internal string Pipe()
    {
        string path = System.IO.Path.Combine(Path, "pipe");
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
