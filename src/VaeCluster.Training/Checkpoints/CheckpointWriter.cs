using System.Diagnostics;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// Writes checkpoints beside training, one at a time, on a thread of its own and from a copy, so that a step waits for a copy at most.
/// A fault of the writing surfaces at the next call, and what was kept meanwhile is then forgotten.
/// </summary>
public sealed class CheckpointWriter : IDisposable
{
    private readonly CheckpointStore _store;
    private readonly Action _beforePublish;
    private readonly Action<int> _written;
    private readonly int _keep;
    private readonly Lock _turn = new();
    private readonly Func<Buffers> _allocate;
    private Buffers _copy;
    private Buffers? _spare;
    private (TrainingState State, int Generation)? _next;
    private bool _isWriting;
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
        _allocate = () => new Buffers(new float[length], [.. Enumerable.Range(0, moments).Select(_ => new float[length])]);
        _copy = _allocate();
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
        snapshot(_copy.Weights, _copy.Moments);
        _isWriting = true;
        _writing = Task.Factory.StartNew(
            () => Write(state, generation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Begins to write a checkpoint, or, while the one before is held up, keeps a copy that is written after it: the newest such copy, so
    /// that training never waits for a database that is away. The first copy that has to be kept takes memory of its own.
    /// </summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="generation">Incarnation that writes.</param>
    /// <param name="snapshot">Fills the copies of weights and moments; called before this returns.</param>
    public void BeginOrKeep(TrainingState state, int generation, Action<float[], float[][]> snapshot)
    {
        lock (_turn)
        {
            if (_isWriting)
            {
                _next = null;
                _spare ??= _allocate();
                snapshot(_spare.Weights, _spare.Moments);
                _next = (state, generation);
                return;
            }
        }

        Begin(state, generation, snapshot);
    }

    /// <summary>Waits until nothing is being written.</summary>
    /// <exception cref="IOException">The last checkpoint could not be written.</exception>
    public void Wait()
    {
        Task writing = _writing;
        _writing = Task.CompletedTask;
        ((IAsyncResult)writing).AsyncWaitHandle.WaitOne();
        _next = null;
        writing.GetAwaiter().GetResult();
    }

    /// <summary>Waits for what is being written; its fault, if any, has nowhere to go.</summary>
    public void Dispose() => ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();

    private void Write(TrainingState state, int generation)
    {
        try
        {
            do
            {
                long started = Stopwatch.GetTimestamp();
                CheckpointInfo info = _store.Write(new Checkpoint(state, _copy.Weights, _copy.Moments), generation, _beforePublish);
                TrainingInstruments.Checkpoint(Stopwatch.GetElapsedTime(started), info.Bytes());
                _store.Prune(_keep);
                _written(state.Step);
            }
            while (TakeNext(ref state, ref generation));
        }
        catch
        {
            lock (_turn) _isWriting = false;
            throw;
        }
    }

    private bool TakeNext(ref TrainingState state, ref int generation)
    {
        lock (_turn)
        {
            _isWriting = _next is not null;
            if (_next is not { } next) return false;
            (_copy, _spare) = (_spare!, _copy);
            (state, generation) = next;
            _next = null;
            return true;
        }
    }

    private sealed record Buffers(float[] Weights, float[][] Moments);
}
