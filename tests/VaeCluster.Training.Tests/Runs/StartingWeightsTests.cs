using VaeCluster.Core;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>Runs that begin with the weights of another, and runs that are given more epochs.</summary>
public sealed class StartingWeightsTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_run_begins_with_the_newest_weights_of_another_and_records_it()
    {
        RunResult first = _fixture.Train("first", TrainingFixture.Options());

        // A step size of next to nothing: the weights at the end are those of the beginning.
        RunResult second = From("second", "first", more: "training.learningRate=1e-30");
        Assert.Equal(first.WeightsSha256, second.WeightsSha256);
        Assert.Equal(15, second.Steps);
        Assert.Equal(new RunSource("first", 15, first.WeightsSha256, false), RunOrigin.Read(new RunFolder(_fixture.In("second")))!.From);
        Assert.Equal("from first, step 15", RunOrigin.Read(new RunFolder(_fixture.In("second")))!.From!.Describe());
        Assert.Contains("step-00000000-g0", _fixture.Checkpoints("second"));
    }

    [Fact]
    public void A_step_and_the_best_can_be_named()
    {
        _fixture.Train("first", TrainingFixture.Options());
        RunResult at = From("at", "first@14", more: "training.learningRate=1e-30");
        Assert.Equal(14, RunOrigin.Read(new RunFolder(_fixture.In("at")))!.From!.Step);
        Assert.NotEqual(RunResult.Read(_fixture.In("first/result.json")).WeightsSha256, at.WeightsSha256);
        From("best", "first@best");
        Assert.Equal(15, RunOrigin.Read(new RunFolder(_fixture.In("best")))!.From!.Step);
    }

    [Fact]
    public void The_optimizers_state_goes_over_when_it_is_asked_for()
    {
        _fixture.Train("first", TrainingFixture.Options());
        RunResult with = From("with", "first", optimizerState: true), without = From("without", "first");
        Assert.NotEqual(with.WeightsSha256, without.WeightsSha256);
        Assert.True(RunOrigin.Read(new RunFolder(_fixture.In("with")))!.From!.OptimizerState);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_interrupted_run_from_other_weights_goes_on_to_the_same_bits(int after)
    {
        _fixture.Train("first", TrainingFixture.Options());
        string whole = From("whole", "first").WeightsSha256;
        _fixture.Interrupt("cut", after, from: new StartingWeights(_fixture.In("first"), OptimizerState: false));
        foreach (string newer in _fixture.Checkpoints("cut").Where(name => name != "step-00000000-g0"))
            Directory.Delete(_fixture.In($"cut/checkpoints/{newer}"), recursive: true);
        Assert.Equal(whole, _fixture.Resume("cut", TrainingFixture.Options()).WeightsSha256);
    }

    [Theory]
    [InlineData("nothing", "", "--from is 'nothing': a run folder")]
    [InlineData("first@7", "", "@best, or the step of a checkpoint: 14, 15")]
    [InlineData("first@-1", "", "@best, or the step of a checkpoint: 14, 15")]
    [InlineData("first", "model.hidden=[6]", "encoder.0.weight is '5×16': the run file and the data now ask for 6×16 float32")]
    public void Weights_that_are_not_there_or_do_not_fit_are_refused(string reference, string more, string message)
    {
        _fixture.Train("first", TrainingFixture.Options());
        var fault = Assert.Throws<BadInputException>(() => From("second", reference, more: more));
        Assert.Contains(message, fault.Message.Replace(_fixture.Folder + "/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fixture.In("second")));
    }

    [Fact]
    public void The_state_of_another_optimizer_is_refused()
    {
        _fixture.Train("first", TrainingFixture.Options());
        var fault = Assert.Throws<BadInputException>(() => From("second", "first", "training.optimizer=sgd", optimizerState: true));
        Assert.Contains("training.optimizer is 'sgd'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("was trained with adam; without --optimizer-state its weights alone are taken", fault.Message,
            StringComparison.Ordinal);
        From("second", "first", "training.optimizer=sgd");
    }

    [Fact]
    public void More_epochs_give_the_weights_of_a_run_that_had_them_from_the_start()
    {
        string whole = _fixture.Train("whole", TrainingFixture.Options(), _fixture.Spec(epochs: 5)).WeightsSha256;
        _fixture.Train("run", TrainingFixture.Options());
        RunResult result = TrainingRun.PrepareResume(_fixture.In("run"), TrainingFixture.Options(), epochs: 5).Execute();
        Assert.Equal((whole, 25, 5), (result.WeightsSha256, result.Steps, result.Epochs));
        Assert.Equal(Enumerable.Range(1, 25), _fixture.LoggedSteps("run"));
        Assert.Contains("epochs: 5", File.ReadAllText(_fixture.In("run/run.yaml")), StringComparison.Ordinal);
        Assert.Equal(result.WeightsSha256, _fixture.Resume("run", TrainingFixture.Options()).WeightsSha256);
    }

    [Theory]
    [InlineData("training.schedule=cosine", "training.schedule is 'cosine': it spreads over all epochs")]
    [InlineData("objective.kind=beta-vae objective.schedule=cyclical", "objective.schedule is 'cyclical': it spreads over all epochs")]
    public void A_schedule_over_all_epochs_takes_no_more_of_them(string more, string message)
    {
        _fixture.Train("run", TrainingFixture.Options(), _fixture.Spec(more));
        string[] files = _fixture.Files("run");
        var fault = Assert.Throws<BadInputException>(
            () => TrainingRun.PrepareResume(_fixture.In("run"), TrainingFixture.Options(), epochs: 5));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(files, _fixture.Files("run"));
    }

    [Fact]
    public void Fewer_epochs_are_refused()
    {
        _fixture.Train("run", TrainingFixture.Options());
        var fault = Assert.Throws<BadInputException>(
            () => TrainingRun.PrepareResume(_fixture.In("run"), TrainingFixture.Options(), epochs: 2));
        Assert.Equal("--epochs is '2': the run has 3; more can be added", fault.Message);
    }

    private RunResult From(string name, string reference, string more = "", bool optimizerState = false) => TrainingRun.Prepare(
        _fixture.Spec(more), _fixture.In(name), force: false, TrainingFixture.Options(),
        new StartingWeights(_fixture.In(reference), optimizerState)).Execute();
}
