using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Stopping;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Tests.Stopping;

public sealed class ComparableBasisTests
{
    private const string Images = "data: { dataset: npy, path: /a.npy, validation: 0.1 }\nmodel: { architecture: mlp }\n";

    [Theory]
    [InlineData("data.dataset=idx")]
    [InlineData("data.path=/b.npy")]
    [InlineData("data.testPath=/t.npy")]
    [InlineData("data.black=1")]
    [InlineData("data.white=255")]
    [InlineData("data.layout=channels-first")]
    [InlineData("data.binarize=static")]
    [InlineData("data.binarize=dynamic")]
    [InlineData("data.limit=100")]
    [InlineData("data.validation=0.2")]
    [InlineData("data.validation=0")]
    [InlineData("evaluation.limit=50")]
    [InlineData("evaluation.seed=1")]
    [InlineData("model.likelihood=gaussian")]
    [InlineData("model.likelihood=laplace")]
    [InlineData("model.likelihood=continuous-bernoulli")]
    [InlineData("model.likelihood=discretized-logistic")]
    [InlineData("objective.kind=ae")]
    [InlineData("objective.kind=wae-mmd")]
    public void What_is_scored_on_other_examples_or_in_other_units_does_not_compare(string change) =>
        Assert.False(Compare(Images, "elbo", isFinal: true, [], [change]), change);

    [Theory]
    [InlineData("objective.beta=4")]
    [InlineData("objective.kind=beta-vae")]
    [InlineData("objective.kind=capacity")]
    [InlineData("objective.kind=iwae")]
    [InlineData("model.latent=3")]
    [InlineData("model.hidden=[5]")]
    [InlineData("model.outputBias=data-mean")]
    [InlineData("training.epochs=3")]
    [InlineData("training.seed=3")]
    [InlineData("training.batch=8")]
    [InlineData("checkpoint.everySteps=3")]
    [InlineData("evaluation.everyEpochs=3")]
    [InlineData("data.inMemory=true")]
    public void What_only_trains_another_way_compares(string change) =>
        Assert.True(Compare(Images, "elbo", isFinal: true, [], [change]), change);

    [Theory]
    [InlineData("gaussian", "gaussian-shared", true)]
    [InlineData("gaussian", "gaussian-fixed", true)]
    [InlineData("gaussian-fixed", "laplace", true)]
    [InlineData("gaussian", "continuous-bernoulli", true)]
    [InlineData("gaussian", "bernoulli", false)]
    [InlineData("bernoulli", "continuous-bernoulli", false)]
    [InlineData("bernoulli", "discretized-logistic", false)]
    [InlineData("laplace", "discretized-logistic", false)]
    public void Densities_compare_with_densities_alone(string one, string other, bool compares)
    {
        foreach (string score in (string[])["elbo", "reconstruction", "iwae"])
            Assert.Equal(compares, Compare(Images, score, true, [$"model.likelihood={one}"], [$"model.likelihood={other}"]));
    }

    [Fact]
    public void The_sigma_of_a_density_is_part_of_the_density() =>
        Assert.True(Compare(
            Images, "elbo", true, ["model.likelihood=gaussian-fixed"], ["model.likelihood=gaussian-fixed", "model.sigma=0.1"]));

    [Fact]
    public void Scores_of_the_code_do_not_depend_on_the_likelihood()
    {
        foreach (ScoreKind score in ScoreFamily.All.Where(score => score.Name is not ("elbo" or "reconstruction" or "iwae")))
            Assert.True(Compare(Images, score.Name, true, [], ["model.likelihood=gaussian"]), score.Name);
    }

    [Theory]
    [InlineData("data.limit=100", true)]
    [InlineData("data.validation=0.5", true)]
    [InlineData("evaluation.limit=5", true)]
    [InlineData("data.binarize=static", false)]
    [InlineData("data.path=/b.npy", false)]
    public void Scores_of_factors_are_measured_on_all_images_of_the_data(string change, bool compares) =>
        Assert.Equal(compares, Compare(Images, "mig", true, [], [change]));

    [Theory]
    [InlineData("data: { dataset: npy, path: /a.npy, testPath: /t.npy }")]
    [InlineData("data: { dataset: npz, path: /a.npz, testArray: test }")]
    [InlineData("data: { dataset: images, path: /a, testPath: /t }")]
    [InlineData("data: { dataset: mnist, path: /mnist }")]
    public void Test_images_of_their_own_are_the_same_whatever_is_trained_on(string data)
    {
        string text = data + "\nmodel: { architecture: mlp }\n";
        Assert.True(Compare(text, "elbo", isFinal: true, [], ["data.limit=100"]));
        Assert.True(Compare(text, "elbo", isFinal: true, ["data.validation=0.1"], ["data.validation=0.2"]));

        // A stopping rule looks at the validation images, which are other ones.
        Assert.False(Compare(text, "elbo", isFinal: false, ["data.validation=0.1"], ["data.validation=0.2"]));
        Assert.False(Compare(text, "elbo", isFinal: false, ["data.validation=0.1"], ["data.validation=0.1", "data.limit=100"]));
        Assert.True(Compare(text, "elbo", isFinal: false, [], ["data.limit=100"]));
    }

    [Fact]
    public void Held_out_images_are_binarised_once_however_training_does_it()
    {
        Assert.True(Compare(Images, "elbo", true, ["data.binarize=static"], ["data.binarize=dynamic"]));
        string nothingHeldOut = "data: { dataset: npy, path: /a.npy }\nmodel: { architecture: mlp }\n";
        Assert.False(Compare(nothingHeldOut, "elbo", true, ["data.binarize=static"], ["data.binarize=dynamic"]));
    }

    [Fact]
    public void What_an_image_is_called_is_not_scored()
    {
        string archive = "data: { dataset: npz, path: /a.npz, array: x }\nmodel: { architecture: mlp }\n";
        Assert.True(Compare(archive, "elbo", true, [], ["data.labels=y"]));
        Assert.False(Compare(archive, "elbo", true, [], ["data.array=z"]));
    }

    [Theory]
    [InlineData("objective.beta", false)]
    [InlineData("model.latent", false)]
    [InlineData("training.seed", false)]
    [InlineData("model.likelihood", true)]
    [InlineData("objective.kind", true)]
    [InlineData("data.limit", true)]
    [InlineData("data.size", true)]
    [InlineData("evaluation.limit", true)]
    public void Only_some_fields_need_a_look(string field, bool depends) => Assert.Equal(depends, ComparableBasis.DependsOn([field]));

    private static bool Compare(string text, string score, bool isFinal, string[] one, string[] other)
    {
        IReadOnlyDictionary<string, string>[] bases = [.. new[] { one, other }.Select(overrides => ComparableBasis.Of(
            RunFile.Parse(text, "run.yaml", "/", overrides, "/", RunVocabulary.All), [score], isFinal))];
        return ComparableBasis.Differing(bases).Count == 0;
    }
}
