using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;
using VaeCluster.Models.Zoo;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Tests;

/// <summary>The models that are listed: every objective among them, each with what a reader needs and a run file that is valid.</summary>
public sealed class ModelZooTests
{
    public static TheoryData<string> Names => [.. ModelZoo.Names];

    [Fact]
    public void Every_objective_has_a_model() =>
        Assert.Empty(ObjectiveFamily.Members.Select(member => member.Name).Except(ModelZoo.All.Select(model => model.Kind)));

    [Fact]
    public void Every_prior_and_posterior_has_a_model()
    {
        string[] shown = [.. ModelZoo.All.Select(model => Parse(model.RunFile).Model.Prior.Name)];
        Assert.Empty(PriorFamily.Members.Select(member => member.Name).Except(shown));
        string[] posteriors = [.. ModelZoo.All.Select(model => Parse(model.RunFile).Model.Posterior.Name)];
        Assert.Empty(PosteriorFamily.Members.Select(member => member.Name).Except(posteriors));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_model_has_sentence_paper_and_formula_and_its_run_file_is_printed(string name)
    {
        ZooModel model = ModelZoo.Find(name);
        Assert.EndsWith(".", model.Summary, StringComparison.Ordinal);
        Assert.Matches(@"\((19|20)\d\d\)$", model.Paper);
        Assert.NotEmpty(model.Formula);
        Assert.NotEmpty(model.Shows);

        Terminal printed = await Terminal.RunAsync("train", "--ready", name, "--print");
        Assert.Equal((0, model.RunFile), (printed.Code, printed.Output));
        RunSpec spec = Parse(printed.Output);
        Assert.Equal((name, model.Kind), (spec.Name, spec.Objective.Kind.Name));

        Terminal onDigits = await Terminal.RunAsync("train", "--ready", name, "--data", "some where", "--print");
        RunSpec digits = Parse(onDigits.Output);
        Assert.Equal("mnist", digits.Data.Dataset.Name);
        Assert.EndsWith("some where", digits.Data.Dataset.Text("path"), StringComparison.Ordinal);
        Assert.Equal(
            (spec.Objective.Kind, spec.Data.Corruption, spec.Model.Prior, spec.Model.Posterior),
            (digits.Objective.Kind, digits.Data.Corruption, digits.Model.Prior, digits.Model.Posterior));
    }

    [Fact]
    public async Task They_are_listed_for_people_and_for_programs()
    {
        Terminal text = await Terminal.RunAsync("models");
        foreach (ZooModel model in ModelZoo.All)
            Assert.Contains($"train --ready {model.Name}\n", text.Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse((await Terminal.RunAsync("models", "--json")).Output);
        JsonElement first = json.RootElement[0];
        Assert.Equal(ModelZoo.All.Count, json.RootElement.GetArrayLength());
        foreach (string field in new[] { "name", "kind", "paper", "runFile" }) Assert.NotEmpty(first.GetProperty(field).GetString()!);
    }

    private static RunSpec Parse(string text) =>
        RunFile.Parse(text, "run.yaml", Path.GetTempPath(), [], Path.GetTempPath(), RunVocabulary.All);
}
