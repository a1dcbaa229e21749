namespace VaeCluster.Sweeps.Tests.Fixtures;

/// <summary>A temporary folder, deleted at the end of the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"vaecluster-sweeps-{Guid.NewGuid():N}");

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
