using VaeCluster.Core.Formats;
using VaeCluster.Data;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>The average of the weights: it changes no weight, is the same for any workers and through any stop, and is what is
/// judged.</summary>
public sealed class AverageTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    [InlineData("rmsprop")]
    [InlineData("adagrad")]
    public void An_average_changes_no_weight_and_depends_on_no_division(string optimizer)
    {
        string spec = $"training.optimizer={optimizer}";
        RunResult plain = _fixture.Train("plain", TrainingFixture.Options(), _fixture.Spec(spec));
        RunResult alone = _fixture.Train("alone", TrainingFixture.Options(), _fixture.Spec($"{spec} {TrainingFixture.Average}"));
        RunResult divided = _fixture.Train("divided", TrainingFixture.Options(3, 2, 2), _fixture.Spec($"{spec} {TrainingFixture.Average}"));
        Assert.Null(plain.AverageSha256);
        Assert.Equal(plain.WeightsSha256, alone.WeightsSha256);
        Assert.Equal(plain.WeightsSha256, divided.WeightsSha256);
        Assert.Equal(alone.AverageSha256, divided.AverageSha256);
        Assert.NotEqual(alone.WeightsSha256, alone.AverageSha256);
    }

    [Fact]
    public void Stopped_and_resumed_a_run_ends_with_the_same_average()
    {
        RunResult whole = _fixture.Train("whole", TrainingFixture.Options(), _fixture.Spec(TrainingFixture.Average));
        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(2, 2, beforeNode: (_, step, _) =>
        {
            if (step == 7) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(_fixture.Spec(TrainingFixture.Average), _fixture.In("stopped"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        RunResult resumed = _fixture.Resume("stopped", TrainingFixture.Options());
        Assert.Equal((whole.WeightsSha256, whole.AverageSha256), (resumed.WeightsSha256, resumed.AverageSha256));
    }

    [Fact]
    public void What_is_judged_and_handed_on_is_the_average_and_what_is_resumed_from_is_not()
    {
        float[] judged = [], handed = [];
        TrainingOptions options = TrainingFixture.Options() with
        {
            Evaluator = (_, _, _, _) => new Listener(weights => judged = weights),
            Finishing = run => handed = run.Weights.ToArray(),
        };
        _fixture.Train("judged", options, _fixture.Spec($"{TrainingFixture.Average} data.validation=0.2"));
        string newest = Path.Combine(_fixture.In("judged"), "checkpoints", _fixture.Checkpoints("judged")[^1]);
        SafetensorsFile weights = Safetensors.Read(Path.Combine(newest, "model.safetensors"));
        SafetensorsFile moments = Safetensors.Read(Path.Combine(newest, "optimizer.safetensors"));
        float[] first = weights.Find("encoder.0.weight")!.Singles().ToArray(),
            average = moments.Find("average.encoder.0.weight")!.Singles().ToArray();
        Assert.NotEqual(first, average);
        Assert.Equal(average, judged[..average.Length]);
        Assert.Equal(average, handed[..average.Length]);
        Assert.NotNull(moments.Find("moment2.encoder.0.weight"));
        Assert.Null(moments.Find("moment3.encoder.0.weight"));
    }

    private sealed class Listener(Action<float[]> heard) : IEvaluator
    {
        public EvaluationRecord Evaluate(ReadOnlyMemory<float> weights, Split split, int step, int epoch, CancellationToken cancellation)
        {
            heard(weights.ToArray());
            return new EvaluationRecord(step, epoch, split.Name, split.Count, weights.Span[0], 0, [0, 0], 0);
        }

        public void Dispose()
        {
        }
    }
}
