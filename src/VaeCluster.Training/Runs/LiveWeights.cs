namespace VaeCluster.Training.Runs;

/// <summary>
/// The weights of a run in progress for those who look at it: when somebody asks, they are copied between two steps. A run that nobody
/// looks at pays one comparison a step.
/// </summary>
public sealed class LiveWeights
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<WeightsCopy?>? _wanted;
    private float[]? _reuse;
    private bool _isClosed;

    /// <summary>Whether somebody waits.</summary>
    internal bool IsWanted => Volatile.Read(ref _wanted) is not null;

    /// <summary>The weights after the step in progress.</summary>
    /// <param name="reuse">A vector that the copy may be written to, which nobody reads any more; null: a new one is made.</param>
    /// <returns>The copy; null: the run has ended, and its checkpoint has them.</returns>
    public Task<WeightsCopy?> NextAsync(float[]? reuse = null)
    {
        lock (_lock)
        {
            if (_isClosed) return Task.FromResult<WeightsCopy?>(null);
            _reuse = reuse ?? _reuse;
            _wanted ??= new TaskCompletionSource<WeightsCopy?>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _wanted.Task;
        }
    }

    /// <summary>Hands the weights out, on the run's own thread between two steps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="copy">Copies the weights.</param>
    internal void Provide(TrainingRun run, int step, Action<float[]> copy)
    {
        // Vectors of this size are expensive to make and to clear away, for the steps beside too.
        float[]? reuse;
        lock (_lock) (reuse, _reuse) = (_reuse, null);
        float[] weights = reuse?.Length == run.Model.Layout.Length ? reuse : new float[run.Model.Layout.Length];
        copy(weights);
        Take()?.TrySetResult(new WeightsCopy(run.Model, run.Data, weights, step));
    }

    /// <summary>The run ends: nobody waits any longer.</summary>
    internal void Close()
    {
        lock (_lock) _isClosed = true;
        Take()?.TrySetResult(null);
    }

    private TaskCompletionSource<WeightsCopy?>? Take()
    {
        lock (_lock)
        {
            TaskCompletionSource<WeightsCopy?>? wanted = _wanted;
            _wanted = null;
            return wanted;
        }
    }
}
