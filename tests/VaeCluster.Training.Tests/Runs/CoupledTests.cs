using VaeCluster.Core.Reduction;
using VaeCluster.Engine.Managed;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Tests.Interpreted;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>P1 and P2 where the examples of a batch tell each other something before its gradient is computed.</summary>
public sealed class CoupledTests : IDisposable
{
    internal const string Capacity = "objective.kind=capacity objective.gamma=20 objective.to=3 model.hidden=[6]";
    private const string FreeBits = "objective.kind=free-bits objective.lambda=0.2";

    private readonly TrainingFixture _fixture = new();

    public static TheoryData<string, bool> Objectives => new()
    {
        { Capacity, true },
        { Capacity, false },
        { FreeBits, true },
        { "objective.kind=iwae objective.samples=3", true },
        { "objective.kind=vae objective.samples=2 objective.kl=monte-carlo", true },
        { "objective.kind=capacity objective.of=example", true },
        { "data.corruption=masking", true },
        { "data.corruption=gaussian objective.kind=ae", false },
        { "data.corruption=salt-pepper objective.kind=beta-tcvae", true },
        { "objective.kind=beta-tcvae", true },
        { "objective.kind=beta-tcvae", false },
        { "objective.kind=dip-vae-i", true },
        { "objective.kind=dip-vae-ii", false },
        { "objective.kind=info-vae", true },
        { "objective.kind=wae-mmd", true },
        { "objective.kind=wae-mmd objective.kernel=rbf", false },
        { "model.likelihood=laplace", true },
        { "model.likelihood=continuous-bernoulli", true },
        { "model.likelihood=discretized-logistic", true },
    };

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Workers_threads_and_ranges_do_not_change_the_weights(string objective, bool managed)
    {
        Func<IEngine> engine = managed ? () => new ManagedEngine() : () => new InterpretedEngine();
        string expected = _fixture.Train("alone", TrainingFixture.Options(engine: engine), _fixture.Spec(objective)).WeightsSha256;
        foreach ((int workers, int threads, int ranges) in new[] { (1, 2, 1), (2, 2, 2), (3, 2, 3), (5, 3, 1), (8, 2, 1), (13, 4, 2) })
        {
            string name = $"{workers}-{threads}-{ranges}";
            Assert.Equal(expected, _fixture.Train(name, TrainingFixture.Options(workers, threads, ranges, engine),
                _fixture.Spec(objective)).WeightsSha256);
        }
    }

    // A worker is asked twice in a step: to measure, and to compute. Each time is as good a moment to die.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_worker_that_dies_while_it_measures_or_computes_costs_no_step(int call)
    {
        string expected = _fixture.Train("alone", TrainingFixture.Options(), _fixture.Spec(Capacity)).WeightsSha256;
        int calls = 0, deaths = 0;
        void Die(string worker, int step, TreeNode node)
        {
            if (worker != "worker-1" || step != 4 || node.FirstShard != 4 || Interlocked.Increment(ref calls) != call) return;
            Interlocked.Increment(ref deaths);
            throw new WorkerLostException(worker);
        }

        Assert.Equal(expected, _fixture.Train("deaths", TrainingFixture.Options(3, 2, beforeNode: Die),
            _fixture.Spec(Capacity)).WeightsSha256);
        Assert.Equal(1, deaths);
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("deaths"));
    }

    [Theory]
    [InlineData(Capacity)]
    [InlineData(FreeBits)]
    [InlineData("objective.kind=beta-tcvae")]
    [InlineData("objective.kind=info-vae")]
    [InlineData("data.corruption=salt-pepper")]
    public void Stopped_and_resumed_a_run_ends_in_the_same_bits(string objective)
    {
        string expected = _fixture.Train("alone", TrainingFixture.Options(), _fixture.Spec(objective)).WeightsSha256;
        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(2, 2, beforeNode: (_, step, _) =>
        {
            if (step == 7) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(_fixture.Spec(objective), _fixture.In("stopped"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        Assert.Equal(expected, _fixture.Resume("stopped", TrainingFixture.Options(3, 2)).WeightsSha256);
    }

    [Fact]
    public void The_loss_of_a_step_is_that_of_the_whole_batch_and_the_capacity_is_logged()
    {
        var steps = new List<StepRecord>();
        _fixture.Train("watched", TrainingFixture.Options(2, 2, observer: new StepObserver(steps)), _fixture.Spec(Capacity));
        Assert.Equal(15, steps.Count);
        for (int i = 0; i < steps.Count; i++)
        {
            Assert.Equal(3.0 * i / 15, steps[i].Capacity!.Value, 1e-9);
            Assert.Equal(steps[i].Reconstruction + (20 * Math.Abs(steps[i].Kl - steps[i].Capacity!.Value)), steps[i].Loss,
                1e-4 * Math.Abs(steps[i].Loss));
        }

        Assert.Contains("\"capacity\":", File.ReadAllText(Path.Combine(_fixture.In("watched"), "metrics.jsonl")), StringComparison.Ordinal);
    }

    private sealed class StepObserver(List<StepRecord> steps) : IRunObserver
    {
        public void OnStarted(RunStart start)
        {
        }

        public void OnStep(in StepRecord record) => steps.Add(record);

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnEvaluation(EvaluationRecord record)
        {
        }

        public void OnCheckpoint(int step)
        {
        }

        public void OnNotice(string message)
        {
        }
    }
}
