using System.Diagnostics;

namespace VaeCluster.Training.Instruments;

/// <summary>
/// The last phases of a run's steps in this process: a ring, so that however long a run takes the memory stays the same. Adding a phase
/// writes a few words; whoever looks gets a copy.
/// </summary>
public sealed class PhaseTimeline
{
    private const int Capacity = 2048;

    private readonly Lock _lock = new();
    private readonly Entry[] _ring = new Entry[Capacity];
    private int _next, _count;

    /// <summary>Adds a phase.</summary>
    /// <param name="worker">The worker; null: the ranges.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="started">When it began, a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="ended">When it ended.</param>
    public void Add(string? worker, StepPhase phase, int step, long started, long ended)
    {
        lock (_lock)
        {
            _ring[_next] = new Entry(worker, phase, step, started, ended);
            _next = (_next + 1) % Capacity;
            if (_count < Capacity) _count++;
        }
    }

    /// <summary>The phases of the last steps, oldest first.</summary>
    /// <param name="steps">How many steps, counted back from the newest.</param>
    public IReadOnlyList<PhaseSpan> Last(int steps)
    {
        Entry[] entries;
        lock (_lock)
        {
            entries = new Entry[_count];
            for (int i = 0; i < _count; i++) entries[i] = _ring[(_next - _count + i + Capacity) % Capacity];
        }

        long now = Stopwatch.GetTimestamp();
        int newest = entries.Length == 0 ? 0 : entries.Max(entry => entry.Step);
        return
        [
            .. entries.Where(entry => entry.Step > newest - steps).OrderBy(entry => entry.Started).Select(entry => new PhaseSpan(
                entry.Worker, entry.Phase, entry.Step,
                Stopwatch.GetElapsedTime(entry.Started, now).TotalSeconds,
                Stopwatch.GetElapsedTime(entry.Started, entry.Ended).TotalSeconds)),
        ];
    }

    private readonly record struct Entry(string? Worker, StepPhase Phase, int Step, long Started, long Ended);
}
