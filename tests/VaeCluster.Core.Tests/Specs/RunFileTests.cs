using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Specs;

public sealed class RunFileTests
{
    // The example in the design document.
    private const string Example = """
        name: mnist-vae
        data:       { dataset: mnist, path: data/mnist, binarize: none, validation: 0 }
        model:      { architecture: mlp, hidden: [400], activation: relu, latent: 20, likelihood: bernoulli }
        objective:  { kind: vae, beta: 1.0 }
        training:   { epochs: 10, batch: 128, shards: 4, optimizer: adam, learningRate: 0.001, seed: 1 }
        checkpoint: { everySteps: 500, keep: 3 }
        """;

    private const string Short = "data: { dataset: dsprites }\nmodel: { architecture: mlp }";

    [Fact]
    public void The_example_in_the_design_document_is_read()
    {
        RunSpec spec = TestVocabulary.Parse(Example);

        Assert.Equal("mnist-vae", spec.Name);
        Assert.Equal("mnist", spec.Data.Dataset.Name);
        Assert.Equal("/base/data/mnist", spec.Data.Dataset.Text("path"));
        Assert.Equal(Binarization.None, spec.Data.Binarize);
        Assert.Equal([400], spec.Model.Architecture.Integers("hidden"));
        Assert.Equal(20, spec.Model.Latent);
        Assert.Equal(1.0, spec.Objective.Kind.Number("beta"));
        Assert.Equal(0.9, spec.Training.Optimizer.Number("beta1"));
        Assert.Equal((10, 128, 4, 1L), (spec.Training.Epochs, spec.Training.Batch, spec.Training.Shards, spec.Training.Seed));
        Assert.Equal((500, 3), (spec.Checkpoint.EverySteps, spec.Checkpoint.Keep));
        Assert.Null(spec.Training.ClipNorm);
    }

    [Fact]
    public void Missing_fields_have_their_defaults()
    {
        RunSpec spec = TestVocabulary.Parse(Short);
        Assert.Equal(new CheckpointSpec(), spec.Checkpoint);
        Assert.Equal(new EvaluationSpec(), spec.Evaluation);
        Assert.Equal("run", spec.Name);
        Assert.Equal("relu", spec.Model.Architecture.Text("activation"));
        Assert.Equal("bernoulli", spec.Model.Likelihood.Name);
        Assert.Equal(("constant", 0), (spec.Training.Schedule.Name, spec.Training.Schedule.Integer("warmupSteps")));
        Assert.Equal(new TrainingSpec() with { Optimizer = spec.Training.Optimizer, Schedule = spec.Training.Schedule }, spec.Training);
        Assert.False(spec.Data.Dataset.Has("strides"));
    }

    [Theory]
    [InlineData("schedule: linear", "linear", null)]
    [InlineData("schedule: { kind: linear, steps: 1000 }", "linear", 1000)]
    public void A_bare_name_is_short_for_a_choice_without_fields(string schedule, string kind, int? steps)
    {
        MemberSpec read = TestVocabulary.Parse($"{Short}\nobjective: {{ {schedule} }}").Objective.Schedule;
        Assert.Equal(kind, read.Name);
        Assert.Equal(steps, read.Has("steps") ? read.Integer("steps") : null);
    }

    [Theory]
    [InlineData("objective.beta=4", 4.0)]
    [InlineData("objective.beta=1e-3", 0.001)]
    [InlineData("objective.beta=1.0e-4", 0.0001)]
    [InlineData("objective.beta= .5", 0.5)]
    [InlineData("objective.beta=null", 1.0)]
    [InlineData("objective={ kind: beta-vae }", 4.0)]
    [InlineData("objective.kind=beta-vae", 4.0)]
    public void A_field_is_overridden(string set, double beta) =>
        Assert.Equal(beta, TestVocabulary.Parse(Short, set).Objective.Kind.Number("beta"));

    [Fact]
    public void Overrides_change_sections_maps_and_bare_names_and_the_last_one_wins()
    {
        RunSpec spec = TestVocabulary.Parse(
            Short + "\nobjective: { schedule: linear }",
            "objective.schedule.steps=7", "training.schedule.kind=step", "training.schedule.every=10", "model.latent=3", "model.latent=5",
            "model.hidden=[8, 4]", "data={ dataset: mnist, path: here }", "name=other");

        Assert.Equal(7, spec.Objective.Schedule.Integer("steps"));
        Assert.Equal(("step", 10), (spec.Training.Schedule.Name, spec.Training.Schedule.Integer("every")));
        Assert.Equal(5, spec.Model.Latent);
        Assert.Equal([8, 4], spec.Model.Architecture.Integers("hidden"));
        Assert.Equal("/current/here", spec.Data.Dataset.Text("path"));
        Assert.Equal("other", spec.Name);
    }

    [Fact]
    public void Layers_maps_and_seeds_are_read()
    {
        RunSpec spec = TestVocabulary.Parse("""
            data: { dataset: dsprites, strides: { x: 4 } }
            model: { architecture: conv, layers: [{ channels: 32, kernel: 4 }, { channels: 64 }] }
            training: { seed: -9223372036854775808 }
            evaluation: { seed: 9223372036854775807 }
            """);
        Assert.Equal(4, ((IReadOnlyDictionary<string, long>)spec.Data.Dataset.Values["strides"])["x"]);
        Assert.Equal(64, spec.Model.Architecture.Layers("layers")[1]["channels"]);
        Assert.Equal((long.MinValue, long.MaxValue), (spec.Training.Seed, spec.Evaluation.Seed));
    }

    [Fact]
    public void Anchors_aliases_and_merge_keys_are_read()
    {
        RunSpec spec = TestVocabulary.Parse("""
            data: { dataset: dsprites }
            model: { architecture: mlp, hidden: &widths [8, 4], latent: &n 7 }
            training: &base { epochs: *n, seed: 3 }
            evaluation: { <<: { seed: 5, limit: 9 }, seed: 6 }
            checkpoint: { keep: *n }
            """);
        Assert.Equal((7, 3L, 7), (spec.Training.Epochs, spec.Training.Seed, spec.Checkpoint.Keep));
        Assert.Equal((6L, 9), (spec.Evaluation.Seed, spec.Evaluation.Limit));
        RunSpec merged = TestVocabulary.Parse("""
            data: &d { dataset: dsprites, limit: 5 }
            model: { architecture: mlp }
            """);
        Assert.Equal(5, merged.Data.Limit);
        Assert.Equal(2, TestVocabulary.Parse("""
            model: { architecture: conv, layers: [&one { channels: 8, kernel: 4 }, { <<: *one, channels: 2 }] }
            data: { dataset: dsprites }
            """).Model.Architecture.Layers("layers")[1]["channels"]);
        Assert.Equal(1, TestVocabulary.Parse("""
            # An anchor that is given anew has its new value from there on.
            model: { architecture: mlp, latent: &n 3 }
            training: { seed: &n 1 }
            checkpoint: { keep: *n }
            data: { dataset: dsprites }
            """).Checkpoint.Keep);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("~")]
    public void A_null_that_is_written_out_asks_for_the_default(string value) =>
        Assert.Equal(10, TestVocabulary.Parse($"{Short}\ntraining: {{ epochs: {value} }}").Training.Epochs);

    [Theory]
    [InlineData(128, 4)]
    [InlineData(6, 2)]
    [InlineData(25, 1)]
    public void The_default_number_of_shards_divides_the_batch(int batch, int shards) =>
        Assert.Equal(shards, TestVocabulary.Parse(Short, $"training.batch={batch}").Training.Shards);

    [Fact]
    public void A_file_is_read_with_paths_relative_to_its_folder()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("run.yaml"), Example);
        RunSpec spec = RunFile.Load(folder.File("run.yaml"), ["model.latent=2"], TestVocabulary.Vocabulary);
        Assert.Equal(folder.File("data/mnist"), spec.Data.Dataset.Text("path"));
        Assert.Equal(2, spec.Model.Latent);
    }

    [Fact]
    public void A_missing_or_too_large_file_is_refused()
    {
        using var folder = new TempFolder();
        Assert.Throws<BadInputException>(() => RunFile.Load(folder.File("none.yaml"), [], TestVocabulary.Vocabulary));
        Assert.Throws<BadInputException>(() => RunFile.Load(folder.Path, [], TestVocabulary.Vocabulary));
        File.WriteAllText(folder.File("large.yaml"), new string('#', (1 << 20) + 1));
        var fault = Assert.Throws<BadInputException>(() => RunFile.Load(folder.File("large.yaml"), [], TestVocabulary.Vocabulary));
        Assert.EndsWith("large.yaml: size is '1048577 bytes': at most 1048576 bytes", fault.Message, StringComparison.Ordinal);
    }
}
