using VaeCluster.Core;
using VaeCluster.Training.Files;

namespace VaeCluster.Training.Runs;

/// <summary>
/// Keeps a second process of this machine out of a run folder. The system lets go of it when the process ends, however it ends.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="BadInputException">Another process has it, or the folder cannot be written to.</exception>
    public RunLock(RunFolder folder) =>
        _stream = ExclusiveFile.Take(folder.LockPath, folder.Path, "the run is in use by another process");

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
