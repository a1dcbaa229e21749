using VaeCluster.Data;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Tests.Interpreted;

namespace VaeCluster.Training.Tests.Runs;

public sealed class NonFiniteTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Stop_names_step_shard_and_examples_and_keeps_the_last_good_checkpoint()
    {
        // By its images, not by a count: the search for the culprit computes the shards once more.
        int computed = 0;
        float[] culprit = [];
        TrainingOptions poisoned = TrainingFixture.Options(engine: () => new InterpretedEngine
        {
            Poison = (_, images) =>
            {
                if (++computed == (4 * 8) + 3) culprit = [.. images];
                return culprit.Length > 0 && images.AsSpan().SequenceEqual(culprit);
            },
        });
        var fault = Assert.Throws<NonFiniteStepException>(() => _fixture.Train("stop", poisoned));
        Assert.Equal(5, fault.Step);
        NonFiniteShard shard = Assert.Single(fault.Shards);
        Assert.Equal(2, shard.Shard);
        Assert.Single(shard.Examples);
        Assert.Contains("step 5 is not finite: shard 2: the gradient of encoder.0.weight is not finite (examples ", fault.Message,
            StringComparison.Ordinal);
        Assert.Equal("step-00000004-g1", _fixture.Checkpoints("stop")[^1]);
        Assert.False(new RunFolder(_fixture.In("stop")).IsFinished);
    }

    [Fact]
    public void Skip_counts_the_step_and_changes_nothing()
    {
        var observer = new Recorder();
        int computed = 0;
        RunResult result = _fixture.Train(
            "skip", TrainingFixture.Options(engine: () => new InterpretedEngine
            {
                Poison = (_, _) => ++computed is > 16 and <= 24,
            }, observer: observer),
            _fixture.Spec("training.nonFinite=skip"));
        Assert.Equal(15, result.Steps);
        Assert.Equal([3], observer.Steps.Where(step => step.Skipped).Select(step => step.Step));
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("skip"));
    }

    [Fact]
    public void Halve_goes_back_to_the_last_scheduled_checkpoint_with_half_the_step_size()
    {
        var observer = new Recorder();
        int computed = 0;
        RunResult result = _fixture.Train(
            "halve", TrainingFixture.Options(engine: () => new InterpretedEngine
            {
                Poison = (_, _) => ++computed == (6 * 8) + 1,
            }, observer: observer),
            _fixture.Spec("training.nonFinite=halve"));
        Assert.Equal(15, result.Steps);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], _fixture.LoggedSteps("halve"));
        Assert.Equal(0.01, observer.Steps.First(step => step.Step == 6).LearningRate, 1e-8);
        Assert.Equal(0.005, observer.Steps.Last(step => step.Step == 7).LearningRate, 1e-8);
        Assert.Contains(observer.Notices, notice => notice.Contains("back to step 6 with 0.5 of the step size", StringComparison.Ordinal));
    }

    [Fact]
    public void Halve_gives_up_where_no_step_size_helps()
    {
        TrainingOptions hopeless = TrainingFixture.Options(engine: () => new InterpretedEngine { Poison = (_, _) => true });
        var fault = Assert.Throws<NonFiniteStepException>(() =>
            _fixture.Train("hopeless", hopeless, _fixture.Spec("training.nonFinite=halve")));
        Assert.Equal(1, fault.Step);
        Assert.Equal(8, fault.Shards.Count);
    }

    [Fact]
    public void Skipped_steps_are_told_at_the_first_and_counted_at_the_end()
    {
        var observer = new Recorder();
        int computed = 0;
        RunResult result = _fixture.Train(
            "skip", TrainingFixture.Options(engine: () => new InterpretedEngine { Poison = (_, _) => ++computed is > 16 and <= 40 },
                observer: observer), _fixture.Spec("training.nonFinite=skip"));
        Assert.Equal(3, result.SkippedSteps);
        Assert.Equal(3, RunResult.Read(new RunFolder(_fixture.In("skip")).ResultPath).SkippedSteps);
        Assert.Equal(
            [
                "step 3: loss or gradient is not finite, the step is skipped (training.nonFinite: skip); lower training.learningRate, or set "
                    + "training.clipNorm",
                "3 of 15 steps were skipped, since loss or gradient was not finite",
            ], observer.Notices);
    }

    [Fact]
    public void Skipped_steps_are_counted_across_an_interruption()
    {
        int computed = 0;
        _fixture.Interrupt("run", after: 4, _fixture.Spec("training.nonFinite=skip"),
            engine: () => new InterpretedEngine { Poison = (_, _) => ++computed is > 16 and <= 24 });
        Assert.Equal(1, _fixture.Resume("run", TrainingFixture.Options()).SkippedSteps);
    }

    [Fact]
    public void A_run_fails_when_every_step_of_an_epoch_is_skipped()
    {
        int computed = 0;
        TrainingOptions hopeless =
            TrainingFixture.Options(engine: () => new InterpretedEngine { Poison = (_, _) => ++computed > StepsOfTwoEpochs });
        var fault = Assert.Throws<DivergedException>(() => _fixture.Train("hopeless", hopeless, _fixture.Spec("training.nonFinite=skip")));
        Assert.Equal(
            "all 5 steps of epoch 3 were skipped, since loss or gradient was not finite; lower training.learningRate, or set "
            + "training.clipNorm", fault.Message);
        Assert.False(new RunFolder(_fixture.In("hopeless")).IsFinished);
    }

    [Fact]
    public void Divergence_is_told_where_every_loss_is_finite()
    {
        var observer = new Recorder();
        _fixture.Train("run", TrainingFixture.Options(observer: observer), _fixture.Spec(
            "training.learningRate=3000 training.optimizer=sgd model.likelihood=gaussian-fixed training.nonFinite=skip training.epochs=1"));
        Assert.Contains(observer.Notices, notice => notice.StartsWith("training diverges: the loss of epoch 1 is ",
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_learns_is_not_said_to_diverge()
    {
        var observer = new Recorder();
        _fixture.Train("run", TrainingFixture.Options(observer: observer));
        Assert.Empty(observer.Notices);
    }

    [Fact]
    public void A_run_fails_when_its_last_weights_do_not_evaluate()
    {
        TrainingFixture.WriteImages(_fixture.In("images.idx"), 40, 4);
        TrainingOptions blind = TrainingFixture.Options() with { Evaluator = (_, _, _, _) => new NoNumber() };
        var fault = Assert.Throws<DivergedException>(() => _fixture.Train("run", blind, _fixture.Spec("data.validation=0.2")));
        Assert.Contains("the ELBO of the last weights on the validation data is not finite", fault.Message, StringComparison.Ordinal);
        Assert.False(new RunFolder(_fixture.In("run")).IsFinished);
    }

    private const int StepsOfTwoEpochs = 2 * TrainingFixture.StepsPerEpoch * 8;

    private sealed class NoNumber : IEvaluator
    {
        public EvaluationRecord Evaluate(ReadOnlyMemory<float> weights, Split split, int step, int epoch, CancellationToken cancellation) =>
            new(step, epoch, split.Name, split.Count, double.NaN, 0, [0, 0], 0);

        public void Dispose()
        {
        }
    }
}
