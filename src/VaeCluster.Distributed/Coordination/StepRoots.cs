using VaeCluster.Distributed.Messages;

namespace VaeCluster.Distributed.Coordination;

/// <summary>
/// The roots of one step as its ranges tell of them, each counted once. Whoever waits goes on on the thread that brings the last one:
/// between a root and the decision nobody has to be woken.
/// </summary>
internal sealed class StepRoots
{
    private readonly Lock _lock = new();
    private readonly RangeGradient?[] _roots;
    private readonly TaskCompletionSource<RangeGradient[]> _all = new();
    private int _missing;

    /// <summary>Nobody has told yet.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="ranges">How many ranges there are.</param>
    internal StepRoots(int step, int ranges)
    {
        Step = step;
        _roots = new RangeGradient?[ranges];
        _missing = ranges;
    }

    internal int Step { get; }

    /// <summary>Completes when every range has told, or one has failed.</summary>
    internal Task<RangeGradient[]> All => _all.Task;

    /// <summary>Whether a range has told.</summary>
    internal bool IsKnown(int range)
    {
        lock (_lock) return _roots[range] is not null;
    }

    /// <summary>A range has its root.</summary>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="step">The step that it belongs to; another one's is passed over.</param>
    /// <param name="gradient">The root.</param>
    internal void Tell(int range, int step, RangeGradient gradient)
    {
        lock (_lock)
        {
            if (step != Step || range < 0 || range >= _roots.Length || _roots[range] is not null) return;
            _roots[range] = gradient;
            if (--_missing > 0) return;
        }

        _all.TrySetResult(_roots!);
    }

    /// <summary>A range cannot be asked: the step has failed.</summary>
    internal void Fail(Exception fault) => _all.TrySetException(fault);
}
