using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Specs;

public sealed class SweepFileTests
{
    private const string Space = """
        space:
          objective.beta: [1, 2, 4]
          model.latent: { values: [2, 3] }
        """;

    [Fact]
    public void Defaults_are_a_grid_with_the_base_seed_ranked_by_elbo()
    {
        SweepSpec sweep = SweepTexts.Parse(Space);
        Assert.Equal(("grid", "none", 1, 2), (sweep.Search.Name, sweep.Stop.Name, sweep.Parallel, sweep.MaxFailures));
        Assert.Equal(["elbo"], sweep.Objectives);
        Assert.Equal([1L], sweep.Seeds);
        Assert.Equal(6, new TrialPlan(sweep).Count);
    }

    [Theory]
    [InlineData(Space)]
    [InlineData("name: 'a: \"b\"'\nseeds: [3, -4]\nobjective: [mig, kl]\nscores: [iwae]\nparallel: 3\nmaxFailures: 0\n" + Space)]
    [InlineData(
        "search: { kind: tpe, trials: 30, gamma: 0.2 }\nstop: { kind: asha, grace: 2, reduction: 4 }\n" +
        "space:\n  training.learningRate: { min: 1.0e-5, max: 0.01, log: true }\n  training.batch: { min: 16, max: 64, step: 16 }\n")]
    [InlineData(
        "stop: median\nspace:\n  objective.schedule: [constant, linear]\n" +
        "  objective.schedule.steps: { values: [5, 10], when: { objective.schedule: linear } }\n  model.hidden: [[8], [8, 4], []]\n")]
    public void Reading_the_resolved_file_gives_the_same_sweep(string rest)
    {
        SweepSpec sweep = SweepTexts.Parse(rest);
        string text = SweepFile.Write(sweep);
        SweepSpec again = SweepTexts.Read(text);
        Assert.Equal(text, SweepFile.Write(again));
        var plan = new TrialPlan(sweep);
        for (int i = 0; i < Math.Min(plan.Count, 10); i++)
            Assert.Equal(plan.At(i, []).RunSpec(sweep), new TrialPlan(again).At(i, []).RunSpec(again));
    }

    [Fact]
    public void Paths_in_a_base_are_relative_to_its_file_and_in_overrides_to_the_current_folder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["runs"]);
        File.WriteAllText(folder["runs", "base.yaml"], "data: { dataset: mnist, path: digits }\nmodel: { architecture: mlp }\n");
        File.WriteAllText(folder["sweep.yaml"], "base: runs/base.yaml\nspace: { model.latent: [2, 4] }\n");
        SweepSpec sweep = SweepFile.Load(folder["sweep.yaml"], []);
        Assert.Equal(folder["runs", "digits"], new TrialPlan(sweep).At(0, []).RunSpec(sweep).Data.Dataset.Text("path"));

        sweep = SweepFile.Load(folder["sweep.yaml"], ["data.path=other"]);
        Assert.Equal(Path.GetFullPath("other"), new TrialPlan(sweep).At(1, []).RunSpec(sweep).Data.Dataset.Text("path"));
    }

    [Fact]
    public void Paths_in_a_space_are_relative_to_the_sweep_file()
    {
        SweepSpec sweep = SweepTexts.Read("""
            base: { data: { dataset: mnist }, model: { architecture: mlp } }
            space: { data.path: [one, /two] }
            """);
        Assert.Equal(["/sweeps/one", "/two"], [.. Enumerable.Range(0, 2).Select(
            i => new TrialPlan(sweep).At(i, []).RunSpec(sweep).Data.Dataset.Text("path"))]);
    }

    [Fact]
    public void Overrides_apply_to_the_sweep_and_its_base()
    {
        SweepSpec sweep = SweepTexts.Parse(
            Space, "parallel=4", "objective=kl", "objective.normalized=true", "search.trials=5", "training.epochs=7",
            "base.training.batch=32", "space.objective.beta=[8]");
        Assert.Equal(4, sweep.Parallel);
        Assert.Equal(["kl"], sweep.Objectives);
        Assert.Equal(2, new TrialPlan(sweep).Count);
        RunSpec run = new TrialPlan(sweep).At(1, []).RunSpec(sweep);
        Assert.Equal((7, 32, 3, 8.0, true), (
            run.Training.Epochs, run.Training.Batch, run.Model.Latent, run.Objective.Kind.Number("beta"),
            run.Objective.Kind.Flag("normalized")));
    }

    [Theory]
    [InlineData("space: {}", "sweep.yaml", "space is '{}'", "at least one")]
    [InlineData("", "space", "at least one")]
    [InlineData("space: { objective.beta: [] }", "space.objective.beta", "at least one value")]
    [InlineData("space: { objective.betta: [1] }", "objective.betta", "did you mean 'beta'?")]
    [InlineData("space: { objectiv.beta: [1] }", "objectiv", "did you mean 'objective'?")]
    [InlineData("space: { beta: [1] }", "space.beta", "not a dotted run file field")]
    [InlineData("space: { objective.beta: [1, -2] }", "sweep.yaml:7", "objective.beta is '-2'", "a number from 0")]
    [InlineData("space: { objective.beta: [1, 1.0] }", "listed twice")]
    [InlineData("space: { objective.beta: 4 }", "space.objective.beta is '4'", "a list of values")]
    [InlineData("space: { training.seed: [1, 2] }", "'seeds'")]
    [InlineData("space: { objective.beta: { min: 1, max: 4 } }", "a range with a step")]
    [InlineData("space: { objective.beta: { min: 4, max: 1, step: 1 } }", "max is '1'", "greater than min")]
    [InlineData("space: { objective.beta: { min: 0, max: 1, log: true } }", "greater than 0")]
    [InlineData("space: { objective.beta: { min: 1, maks: 4 } }", "maks", "did you mean 'max'?")]
    [InlineData("space: { model.latent: { min: 1, max: 2.5, integer: true } }", "a whole number")]
    [InlineData("search: { kind: random, trials: 4 }\nspace: { objective.beta: { min: 1, max: 2e6 } }", "objective.beta is '2000000'")]
    [InlineData("space: { training.batch: [16, 18], training.shards: [2, 4] }", "training.shards is '4'", "divides the batch of 18")]
    [InlineData("search: random\nspace: { objective.beta: [1] }", "search.trials", "is missing")]
    [InlineData("search: gird\nspace: { objective.beta: [1] }", "search is 'gird'", "did you mean 'grid'?")]
    [InlineData("search: { kind: grid, startup: 3 }\nspace: { objective.beta: [1] }", "search.startup", "belongs to tpe, not to grid")]
    [InlineData("objective: loss\nspace: { objective.beta: [1] }", "objective is 'loss'", "does not depend on β")]
    [InlineData(
        "stop: { kind: asha, criterion: loss }\nspace: { objective.beta: [1] }", "stop.criterion is 'loss'", "does not depend on β")]
    [InlineData(
        "stop: { kind: median, criterion: mig }\nspace: { objective.beta: [1] }", "stop.criterion is 'mig'", "only at the end of a trial")]
    [InlineData("objective: [elbo, migg]\nspace: { objective.beta: [1] }", "objective is 'migg'", "did you mean 'mig'?")]
    [InlineData("objectives: elbo\nspace: { objective.beta: [1] }", "objectives", "did you mean 'objective'?")]
    [InlineData("seeds: []\nspace: { objective.beta: [1] }", "seeds is '[]'", "at least one")]
    [InlineData("parallel: 0\nspace: { objective.beta: [1] }", "parallel is '0'", "from 1 to 1024")]
    [InlineData("space:\n  objective.beta: { values: [1], when: { model.latent: 2 } }", "not another field of this space")]
    [InlineData(
        "space:\n  model.latent: [2]\n  objective.beta: { values: [1], when: { model.latent: 3 } }", "must be a value of model.latent")]
    [InlineData(
        "space:\n  model.latent: { values: [2], when: { objective.beta: 1 } }\n" +
        "  objective.beta: { values: [1], when: { model.latent: 2 } }", "circular")]
    public void Errors_are_one_line_with_field_value_and_what_is_allowed(string rest, params string[] words)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => SweepTexts.Parse(rest));
        Assert.DoesNotContain('\n', fault.Message);
        foreach (string word in words) Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paralel=4", "did you mean 'parallel'?")]
    [InlineData("objective.betta=4", "--set objective.betta", "did you mean 'beta'?")]
    [InlineData("search.trials=x", "search.trials", "a whole number")]
    public void Errors_in_overrides_name_the_override(string text, params string[] words)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => SweepTexts.Parse(Space, text));
        foreach (string word in words) Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_files_are_distinguished_from_run_files()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], SweepTexts.Base + Space);
        File.WriteAllText(folder["b.yaml"], "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        Assert.True(SweepFile.IsSweep(folder["a.yaml"]));
        Assert.False(SweepFile.IsSweep(folder["b.yaml"]));
    }
}
