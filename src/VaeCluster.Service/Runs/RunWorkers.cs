using VaeCluster.Training.Instruments;

namespace VaeCluster.Service.Runs;

/// <summary>The workers of a run in progress and how they spent the last steps.</summary>
/// <param name="Workers">The workers with their means; zeros for a worker that has not taken part yet.</param>
/// <param name="Spans">The phases of the last steps, oldest first.</param>
public sealed record RunWorkers(IReadOnlyList<WorkerPhases> Workers, IReadOnlyList<PhaseSpan> Spans)
{
    /// <summary>Number of past steps that are shown.</summary>
    public const int Steps = 12;

    private const double StragglerFactor = 1.5;

    /// <summary>No workers.</summary>
    public static RunWorkers None { get; } = new([], []);

    /// <summary>Summarises phases.</summary>
    /// <param name="names">The participating workers.</param>
    /// <param name="spans">The phases, of any silos.</param>
    public static RunWorkers Of(IEnumerable<string> names, IReadOnlyList<PhaseSpan> spans)
    {
        string[] all = [.. names.Union(spans.Select(span => span.Worker).OfType<string>()).Order(StringComparer.Ordinal)];
        int steps = Math.Max(1, spans.Select(span => span.Step).Distinct().Count());
        double begun = spans.Count == 0 ? 0 : spans.Max(span => span.Age);
        double ended = spans.Count == 0 ? 0 : spans.Min(span => span.Age - span.Seconds);
        double whole = (begun - ended) / steps;
        WorkerPhases[] workers =
        [
            .. all.Select(name =>
            {
                PhaseSpan[] own = [.. spans.Where(span => span.Worker == name)];
                double data = Sum(own, StepPhase.Data), compute = Sum(own, StepPhase.Compute), push = Sum(own, StepPhase.Push);
                return new WorkerPhases(name, data, compute, push, own.Length == 0 ? 0 : Math.Max(0, whole - Busy(own)), false);
            }),
        ];
        double[] work = [.. workers.Select(Work).Where(seconds => seconds > 0).Order()];
        double median = work.Length == 0 ? 0 : work[(work.Length - 1) / 2];
        return new RunWorkers(
            [.. workers.Select(worker => worker with { IsStraggler = work.Length > 1 && Work(worker) > StragglerFactor * median })],
            [.. spans.OrderByDescending(span => span.Age)]);

        double Sum(PhaseSpan[] own, StepPhase phase) => own.Where(span => span.Phase == phase).Sum(span => span.Seconds) / steps;

        // Count overlapping time of several threads of one worker once.
        double Busy(PhaseSpan[] own)
        {
            double busy = 0, until = double.NegativeInfinity;
            foreach (PhaseSpan span in own.OrderByDescending(span => span.Age))
            {
                double start = Math.Max(-span.Age, until), end = -span.Age + span.Seconds;
                if (end <= start) continue;
                busy += end - start;
                until = end;
            }

            return busy / steps;
        }
    }

    private static double Work(WorkerPhases worker) => worker.Data + worker.Compute + worker.Push;
}
