using VaeCluster.Service.Runs;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Service.Tests.Runs;

public sealed class RunWorkersTests
{
    [Fact]
    public void A_worker_that_takes_half_as_long_again_as_the_others_is_a_straggler()
    {
        // Two steps of a second each; c needs 0.9 s of each, a and b 0.3.
        PhaseSpan[] spans =
        [
            .. from step in new[] { 0, 1 }
               from worker in new[] { ("a", 0.3), ("b", 0.3), ("c", 0.9) }
               select new PhaseSpan(worker.Item1, StepPhase.Compute, step + 1, 2 - step, worker.Item2),
            new PhaseSpan(null, StepPhase.Reduce, 1, 1.1, 0.1), new PhaseSpan(null, StepPhase.Reduce, 2, 0.1, 0.1),
        ];
        RunWorkers workers = RunWorkers.Of(["a", "d"], spans);
        Assert.Equal(["a", "b", "c", "d"], workers.Workers.Select(worker => worker.Name));
        Assert.Equal(["c"], workers.Workers.Where(worker => worker.IsStraggler).Select(worker => worker.Name));
        Assert.Equal(0.3, workers.Workers[0].Compute, 9);
        Assert.Equal(0.7, workers.Workers[0].Wait, 9);
        Assert.Equal(0.1, workers.Workers[2].Wait, 9);
        Assert.Equal(0, workers.Workers[3].Wait);
    }

    [Fact]
    public void A_lone_worker_is_no_straggler_and_its_threads_count_once()
    {
        RunWorkers workers = RunWorkers.Of([],
            [new PhaseSpan("a", StepPhase.Compute, 1, 1, 0.8), new PhaseSpan("a", StepPhase.Compute, 1, 1, 1)]);
        WorkerPhases only = Assert.Single(workers.Workers);
        Assert.False(only.IsStraggler);
        Assert.Equal(0, only.Wait, 9);
    }

    [Fact]
    public void The_timeline_keeps_only_the_last_steps()
    {
        var timeline = new PhaseTimeline();
        for (int step = 1; step <= 5000; step++) timeline.Add("a", StepPhase.Compute, step, step, step + 1);
        IReadOnlyList<PhaseSpan> last = timeline.Last(3);
        Assert.Equal([4998, 4999, 5000], last.Select(span => span.Step));
        Assert.Empty(new PhaseTimeline().Last(3));
    }
}
