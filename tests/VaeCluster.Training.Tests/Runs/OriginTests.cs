using VaeCluster.Core;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>A run goes on only with the run file and the data that it began with.</summary>
public sealed class OriginTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private string Images => _fixture.In("images.idx");

    [Fact]
    public void A_run_records_run_file_and_data_when_it_begins()
    {
        _fixture.Interrupt("run", after: 3);
        RunOrigin origin = RunOrigin.Read(new RunFolder(_fixture.In("run")))!;
        Assert.Equal(File.ReadAllText(_fixture.In("run/run.yaml")), origin.RunFile);
        Assert.Equal((40, "4×4"), (origin.Data.Training.Count, origin.Data.Training.Image));
        Assert.Equal(64, origin.Data.Training.Fingerprint.Length);
        Assert.Null(origin.From);
    }

    [Theory]
    [InlineData("learningRate: 0.01", "learningRate: 0.1", "training.learningRate is '0.1': the run began with 0.01")]
    [InlineData("latent: 2", "latent: 20", "model.latent is '20': the run began with 2")]
    [InlineData("activation: tanh", "activation: relu", "model.activation is 'relu': the run began with tanh")]
    [InlineData("epochs: 3", "epochs: 4", "training.epochs is '4': the run began with 3")]
    [InlineData("binarize: none", "binarize: dynamic", "data.binarize is 'dynamic': the run began with none")]
    public void A_changed_run_file_is_refused_and_nothing_is_touched(string before, string after, string message)
    {
        _fixture.Interrupt("run", after: 3);
        _fixture.Edit("run/run.yaml", before, after);
        string[] files = _fixture.Files("run");
        var fault = Assert.Throws<BadInputException>(() => _fixture.Resume("run", TrainingFixture.Options()));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("train RUNFILE --from ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(files, _fixture.Files("run"));
    }

    [Theory]
    [InlineData("name: tiny", "name: other")]
    [InlineData("keep: 2", "keep: 3")]
    [InlineData("everySteps: 2", "everySteps: 3")]
    public void What_changes_no_weights_may_be_changed(string before, string after)
    {
        string whole = _fixture.Train("whole", TrainingFixture.Options()).WeightsSha256;
        _fixture.Interrupt("run", after: 3);
        _fixture.Edit("run/run.yaml", before, after);
        Assert.Equal(whole, _fixture.Resume("run", TrainingFixture.Options()).WeightsSha256);
    }

    [Fact]
    public void Scheduled_checkpoints_count_where_a_run_goes_back_to_them()
    {
        _fixture.Interrupt("run", after: 3, _fixture.Spec("training.nonFinite=halve"));
        _fixture.Edit("run/run.yaml", "everySteps: 2", "everySteps: 3");
        var fault = Assert.Throws<BadInputException>(() => _fixture.Resume("run", TrainingFixture.Options()));
        Assert.Contains("checkpoint.everySteps is '3': the run began with 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_pixels_of_the_same_size_are_refused()
    {
        _fixture.Interrupt("run", after: 3);
        byte[] bytes = File.ReadAllBytes(Images);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Images, bytes);
        DataRefused("the training data were 40 images of 4×4 (fingerprint ", "and are now 40 images of 4×4 (fingerprint ");
    }

    [Fact]
    public void Fewer_images_are_refused()
    {
        _fixture.Interrupt("run", after: 3);
        TrainingFixture.WriteImages(Images, 39, 4);
        DataRefused("were 40 images of 4×4", "are now 39 images of 4×4");
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        _fixture.Interrupt("run", after: 3);
        TrainingFixture.WriteImages(Images, 40, 5);
        DataRefused("were 40 images of 4×4", "are now 40 images of 5×5");
    }

    // Each set of images counts: those that the run is judged by, too.
    [Theory]
    [InlineData("validation", "validationPath")]
    [InlineData("test", "testPath")]
    public void Other_held_out_images_are_refused(string split, string field)
    {
        TrainingFixture.WriteImages(_fixture.In("held-out.idx"), 16, 4);
        _fixture.Interrupt("run", after: 3, _fixture.Spec($"data.{field}={_fixture.In("held-out.idx")}"));
        TrainingFixture.WriteImages(_fixture.In("held-out.idx"), 15, 4);
        DataRefused($"the {split} data were 16 images of 4×4", "are now 15 images of 4×4");
    }

    [Fact]
    public void The_same_data_at_another_place_are_the_same_data()
    {
        string whole = _fixture.Train("whole", TrainingFixture.Options()).WeightsSha256;
        _fixture.Interrupt("run", after: 3);
        File.Move(Images, _fixture.In("moved.idx"));
        _fixture.Edit("run/run.yaml", "images.idx", "moved.idx");
        Assert.Equal(whole, _fixture.Resume("run", TrainingFixture.Options()).WeightsSha256);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_not_called_damaged_where_nothing_was_recorded()
    {
        _fixture.Interrupt("run", after: 3);
        File.Delete(_fixture.In("run/origin.json"));
        TrainingFixture.WriteImages(Images, 40, 5);
        string[] files = _fixture.Files("run");
        var fault = Assert.Throws<BadInputException>(() => _fixture.Resume("run", TrainingFixture.Options()));
        Assert.Contains("model.safetensors: encoder.0.weight is '5×16': the run file and the data now ask for 5×25 float32", fault.Message,
            StringComparison.Ordinal);
        Assert.Equal(files, _fixture.Files("run"));
    }

    [Fact]
    public void A_run_of_a_version_that_recorded_nothing_goes_on_and_records_what_it_finds()
    {
        string whole = _fixture.Train("whole", TrainingFixture.Options()).WeightsSha256;
        _fixture.Interrupt("run", after: 3);
        File.Delete(_fixture.In("run/origin.json"));
        Assert.Equal(whole, _fixture.Resume("run", TrainingFixture.Options()).WeightsSha256);
        Assert.NotNull(RunOrigin.Read(new RunFolder(_fixture.In("run"))));
    }

    [Fact]
    public void A_damaged_record_is_named()
    {
        _fixture.Interrupt("run", after: 3);
        File.WriteAllText(_fixture.In("run/origin.json"), "{ \"runFile\": ");
        var fault = Assert.Throws<BadInputException>(() => _fixture.Resume("run", TrainingFixture.Options()));
        Assert.Contains("origin.json: does not hold what the run was made from", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_set_aside_and_takes_no_place_among_those_that_stay()
    {
        string whole = _fixture.Train("whole", TrainingFixture.Options()).WeightsSha256;
        _fixture.Interrupt("run", after: 9);
        foreach (string newer in _fixture.Checkpoints("run")) File.Delete(_fixture.In($"run/checkpoints/{newer}/state.json"));
        Assert.Equal(whole, _fixture.Resume("run", TrainingFixture.Options()).WeightsSha256);
        Assert.Contains(_fixture.Checkpoints("run"), name => name.StartsWith("damaged-step-", StringComparison.Ordinal));
        Assert.Contains(_fixture.Checkpoints("run"), name => name.StartsWith("step-00000015-", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps("run"));
    }

    private void DataRefused(params string[] parts)
    {
        string[] files = _fixture.Files("run");
        var fault = Assert.Throws<BadInputException>(() => _fixture.Resume("run", TrainingFixture.Options()));
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
        Assert.Contains("put the old data back", fault.Message, StringComparison.Ordinal);
        Assert.Equal(files, _fixture.Files("run"));
    }
}
