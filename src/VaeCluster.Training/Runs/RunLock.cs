using VaeCluster.Core;

namespace VaeCluster.Training.Runs;

/// <summary>
/// Keeps a second process of this machine out of a run folder. The system lets go of it when the process ends, however it ends.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="BadInputException">Another process has it.</exception>
    public RunLock(RunFolder folder)
    {
        try
        {
            _stream = new FileStream(folder.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(folder.LockPath))
        {
            throw new BadInputException(folder.Path, null, null, "the run is in use by another process", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
