using System.Diagnostics;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// Writes checkpoints beside training, one at a time, on a thread of its own and from a copy, so that a step waits for a copy at most.
/// A fault of the writing surfaces at the next call.
/// </summary>
public sealed class CheckpointWriter : IDisposable
{
    private readonly CheckpointStore _store;
    private readonly Action _beforePublish;
    private readonly Action<int> _written;
    private readonly int _keep;
    private readonly float[] _weights;
    private readonly float[][] _moments;
    private Task _writing = Task.CompletedTask;

    /// <summary>A writer with buffers for one checkpoint.</summary>
    /// <param name="store">Where they go.</param>
    /// <param name="length">Length of the flat vector.</param>
    /// <param name="moments">Moments of the optimiser.</param>
    /// <param name="keep">How many of the newest stay.</param>
    /// <param name="beforePublish">Called on the writer's thread when all is flushed, before a checkpoint gets its name.</param>
    /// <param name="written">Told the step of each checkpoint on disk, on the writer's thread.</param>
    public CheckpointWriter(CheckpointStore store, int length, int moments, int keep, Action beforePublish, Action<int> written)
    {
        _store = store;
        _keep = keep;
        _beforePublish = beforePublish;
        _written = written;
        _weights = new float[length];
        _moments = [.. Enumerable.Range(0, moments).Select(_ => new float[length])];
    }

    /// <summary>Whether a checkpoint is being written.</summary>
    public bool IsBusy => !_writing.IsCompleted;

    /// <summary>Begins to write a checkpoint; waits for the one before.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="generation">Incarnation that writes.</param>
    /// <param name="snapshot">Fills the copies of weights and moments; called before this returns.</param>
    public void Begin(TrainingState state, int generation, Action<float[], float[][]> snapshot)
    {
        Wait();
        long started = Stopwatch.GetTimestamp();
        snapshot(_weights, _moments);
        _writing = Task.Factory.StartNew(
            () =>
            {
                CheckpointInfo info = _store.Write(new Checkpoint(state, _weights, _moments), generation, _beforePublish);
                TrainingInstruments.Checkpoint(Stopwatch.GetElapsedTime(started), info.Bytes());
                _store.Prune(_keep);
                _written(state.Step);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits until nothing is being written.</summary>
    /// <exception cref="IOException">The last checkpoint could not be written.</exception>
    public void Wait()
    {
        Task writing = _writing;
        _writing = Task.CompletedTask;
        writing.GetAwaiter().GetResult();
    }

    /// <summary>Waits for what is being written; its fault, if any, has nowhere to go.</summary>
    public void Dispose() => ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();
}
