using VaeCluster.Core.Reduction;
using VaeCluster.Training.InProcess;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>P1 and P2 within a process, on an engine that shares no code with the SIMD kernels.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();
    private readonly string _expected;

    public SameBitsTests() => _expected = _fixture.Train("undisturbed", TrainingFixture.Options()).WeightsSha256;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(5, 3, 1)]
    [InlineData(8, 2, 1)]
    [InlineData(13, 4, 2)]
    public void Workers_threads_and_ranges_do_not_change_the_weights(int workers, int threads, int ranges) =>
        Assert.Equal(_expected, _fixture.Train("divided", TrainingFixture.Options(workers, threads, ranges)).WeightsSha256);

    [Fact]
    public void Workers_that_die_in_mid_step_cost_no_step()
    {
        int deaths = 0;
        void Die(string worker, int step, TreeNode node)
        {
            // Each of the first three workers dies in another step, after having finished some nodes of it.
            bool dies = worker switch
            {
                "worker-0" => step == 3 && node.FirstShard == 2,
                "worker-1" => step == 4,
                "worker-2" => step == 9 && node.FirstShard >= 4,
                _ => false,
            };
            if (!dies) return;
            Interlocked.Increment(ref deaths);
            throw new WorkerLostException(worker);
        }

        Assert.Equal(_expected, _fixture.Train("deaths", TrainingFixture.Options(4, 2, beforeNode: Die)).WeightsSha256);
        Assert.Equal(3, deaths);
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("deaths"));
    }

    [Fact]
    public void When_the_last_worker_dies_the_run_fails_and_resumes_to_the_same_bits()
    {
        TrainingOptions fatal = TrainingFixture.Options(2, 2, beforeNode: (worker, step, _) =>
        {
            if (step == 8) throw new WorkerLostException(worker);
        });
        Assert.Throws<NoWorkersException>(() => _fixture.Train("all dead", fatal));
        Assert.Equal(_expected, _fixture.Resume("all dead", TrainingFixture.Options(3, 2)).WeightsSha256);
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("all dead"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(14)]
    public void Stopped_after_any_step_and_resumed_a_run_ends_in_the_same_bits(int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(beforeNode: (_, step, _) =>
        {
            if (step == stopAfter) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(_fixture.Spec(), _fixture.In("stopped"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        Assert.False(new RunFolder(_fixture.In("stopped")).IsFinished);
        Assert.Contains(_fixture.Checkpoints("stopped"), name => name.StartsWith($"step-{stopAfter:D8}", StringComparison.Ordinal));

        RunResult result = _fixture.Resume("stopped", TrainingFixture.Options(2, 2));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("stopped"));
        Assert.Equal(_fixture.Train("again", TrainingFixture.Options()).Train, result.Train);
    }
}
