using VaeCluster.Core;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Ranking;
using VaeCluster.Evaluation.Tests.Fixtures;
using VaeCluster.Models;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Tests.Scores;

public sealed class RunScoresTests : IDisposable
{
    private static readonly ScoreOptions Small = new()
    {
        TrainingSamples = 300,
        TestSamples = 200,
        TrainingVotes = 100,
        TestVotes = 50,
        VoteSize = 8,
        RankingSamples = 60,
        Threads = 2,
        ImportanceWeighted = new() { Samples = 3, Limit = 5 },
    };

    private readonly ManagedEngine _engine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void All_single_run_scores_are_returned_in_the_requested_order()
    {
        ScoreKind[] kinds = [.. ScoreFamily.All.Where(kind => !kind.NeedsSeveralRuns).Reverse()];
        IReadOnlyDictionary<string, ScoreValue> scores = RunScores.Measure(_engine, Run(1), kinds, Small);
        Assert.Equal(kinds.Select(kind => kind.Name), scores.Keys);
        Assert.All(scores.Values, score => Assert.True(double.IsFinite(score.Value)));
        Assert.Equal(-(scores["reconstruction"].Value + scores["kl"].Value), scores["elbo"].Value, 9);
        // This dataset has no colour, and y has one value here.
        Assert.Equal(["shape", "scale", "orientation", "x"], scores["mig"].Parts.Keys);
        Assert.Equal(["z0", "z1", "z2"], scores["kl"].Parts.Keys);
    }

    [Fact]
    public void Scores_of_factors_do_not_depend_on_threads_or_data_limit()
    {
        ScoreKind[] kinds = [.. ScoreFamily.All.Where(kind => kind.NeedsFactors && !kind.Name.StartsWith("dci", StringComparison.Ordinal))];
        IReadOnlyDictionary<string, ScoreValue> two = RunScores.Measure(_engine, Run(1), kinds, Small);
        IReadOnlyDictionary<string, ScoreValue> one = RunScores.Measure(_engine, Run(1), kinds, Small with { Threads = 1 });
        IReadOnlyDictionary<string, ScoreValue> limited = RunScores.Measure(_engine, Run(1, limit: 20), kinds, Small);
        IReadOnlyDictionary<string, ScoreValue> otherSeed = RunScores.Measure(_engine, Run(1), kinds, Small with { Seed = 1 });
        Assert.Equal(two.Values.Select(score => score.Value), one.Values.Select(score => score.Value));
        Assert.Equal(two.Values.Select(score => score.Value), limited.Values.Select(score => score.Value));
        Assert.NotEqual(two.Values.Select(score => score.Value), otherSeed.Values.Select(score => score.Value));
    }

    [Fact]
    public void A_pool_is_used_only_if_the_grid_is_larger()
    {
        ScoreKind[] kinds = [ScoreFamily.Require("factorvae", "test")];
        var progress = new List<string>();
        RunScores.Measure(_engine, Run(1), kinds, Small with { Pool = 40, Progress = progress.Add });
        Assert.Equal(["encoding 300 images", "encoding 40 images"], progress);
        progress.Clear();
        RunScores.Measure(_engine, Run(1), kinds, Small with { Pool = 1000, Progress = progress.Add });
        // 3 shapes · 2 scales · 4 orientations · 4 x = 96 images, which contain all of the 300 samples.
        Assert.Equal(["encoding 96 images"], progress);
    }

    [Fact]
    public void The_scores_of_a_diverged_model_are_NaN()
    {
        TrainedRun run = Run(1);
        float[] weights = run.Weights.ToArray();
        weights[0] = float.NaN;
        IReadOnlyDictionary<string, ScoreValue> scores =
            RunScores.Measure(
                _engine, run with { Weights = weights }, [ScoreFamily.Require("mig", "test"), ScoreFamily.Require("elbo", "test")], Small);
        Assert.All(scores.Values, score => Assert.True(double.IsNaN(score.Value)));
        ScoreKind udr = ScoreFamily.Require("udr", "test");
        Assert.All(ModelRanking.Measure(
            _engine, [run with { Weights = weights }, Run(2)], udr, Small), score => Assert.True(double.IsNaN(score.Value)));
    }

    [Theory]
    [InlineData("mig")]
    [InlineData("dci")]
    public void Data_without_factors_is_rejected_with_a_one_line_message(string name)
    {
        using var images = new TinyImages(2, 2, training: 20, test: 9);
        TrainedRun run = Run(1) with { Source = new RunData(DataSplits.Open(images.Spec, 1, 0)) };
        var fault = Assert.Throws<BadInputException>(() => RunScores.Measure(_engine, run, [ScoreFamily.Require(name, "test")], Small));
        Assert.Equal("data.dataset", fault.Field);
        Assert.Equal("idx", fault.Value);
        Assert.StartsWith($"the score {name} needs a dataset with at least two varying factors", fault.Allowed, StringComparison.Ordinal);
        Assert.Contains("active-units", fault.Allowed, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Scores_need_two_varying_factors()
    {
        Assert.False(FactorGrid.IsKnown(new VaeCluster.Data.Sprites.DSprites([1, 6, 40, 32, 32])));
        Assert.True(FactorGrid.IsKnown(new VaeCluster.Data.Sprites.DSprites([1, 5, 40, 32, 32])));
    }

    [Fact]
    public void Images_are_drawn_uniformly_from_the_grid()
    {
        var sprites = new VaeCluster.Data.Sprites.DSprites([1, 3, 10, 8, 32]);
        var grid = new FactorGrid(sprites);
        int[] drawn = grid.Draw(96_000, new RandomStream(1, RandomPurpose.Score, 1, 0));
        Assert.Equal(96, grid.Count);
        Assert.All(drawn.CountBy(example => example), pair => Assert.InRange(pair.Value, 1000 - 160, 1000 + 160));
        Assert.Equal(96, drawn.Distinct().Count());
        Assert.Equal(drawn[..50], grid.Draw(50, new RandomStream(1, RandomPurpose.Score, 1, 0)));
    }

    [Fact]
    public void Names_are_found_and_an_unknown_name_suggests_the_nearest()
    {
        Assert.Equal(ScoreFamily.All.Count, ScoreFamily.All.Select(kind => kind.Name).Distinct().Count());
        Assert.All(ScoreFamily.All, kind => Assert.Same(kind, ScoreFamily.Find(kind.Name)));
        Assert.Null(ScoreFamily.Find("loss"));
        var fault = Assert.Throws<BadInputException>(() => ScoreFamily.Require("factor-vae", "sweep.yaml", "objective"));
        Assert.Contains("did you mean 'factorvae'?", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("sweep.yaml: objective is 'factor-vae': one of elbo, ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_differ_only_in_their_seed_are_compared()
    {
        ScoreKind udr = ScoreFamily.Require("udr", "test");
        IReadOnlyList<ScoreValue> scores = ModelRanking.Measure(_engine, [Run(1), Run(1), Run(2)], udr, Small);
        Assert.Equal(3, scores.Count);
        Assert.All(scores, score => Assert.InRange(score.Value, 0, 1));
        Assert.Equal(scores[0].Value, scores[1].Value);
        Assert.Equal(scores.Select(score => score.Value), ModelRanking.Measure(
            _engine, [Run(1), Run(1), Run(2)], udr, Small with { Threads = 1 }).Select(score => score.Value));
    }

    [Fact]
    public void Runs_that_are_not_comparable_are_rejected()
    {
        ScoreKind udr = ScoreFamily.Require("udr", "test");
        var alone = Assert.Throws<BadInputException>(() => RunScores.Measure(_engine, Run(1), [udr], Small));
        Assert.Contains("compares several runs", alone.Message, StringComparison.Ordinal);
        Assert.Contains("at least two runs", Assert.Throws<BadInputException>(
            () => ModelRanking.Measure(_engine, [Run(1)], udr, Small)).Message, StringComparison.Ordinal);
        var other = Assert.Throws<BadInputException>(() => ModelRanking.Measure(_engine, [Run(1), Run(2, latent: 4)], udr, Small));
        Assert.Contains("differ in 'latent: 4'", other.Message, StringComparison.Ordinal);
        var plain =
            Assert.Throws<BadInputException>(() => ModelRanking.Measure(_engine, [Run(1, kind: "ae"), Run(2, kind: "ae")], udr, Small));
        Assert.Equal(("objective.kind", "ae"), (plain.Field, plain.Value));
    }

    private TrainedRun Run(long seed, int? limit = null, int latent = 3, string kind = "vae")
    {
        var strides = new Dictionary<string, long> { ["scale"] = 3, ["orientation"] = 10, ["x"] = 8, ["y"] = 32 };
        var spec = new RunSpec
        {
            Data = new DataSpec
            {
                Dataset =
                    new MemberSpec("dsprites", new Dictionary<string, object> { ["strides"] = (IReadOnlyDictionary<string, long>)strides }),
                Limit = limit,
            },
            Model = new ModelSpec
            {
                Architecture = new MemberSpec(
                    "mlp", new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[16L], ["activation"] = "tanh" }),
                Likelihood = new MemberSpec("bernoulli"),
                Latent = latent,
            },
            Objective = new ObjectiveSpec
            {
                Kind = kind == "ae" ? new MemberSpec("ae") : new MemberSpec(
                kind, new Dictionary<string, object> { ["beta"] = 1.0 })
            },
            Training = new TrainingSpec { Seed = seed },
        };
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed);
        VaeModel model = VaeModel.Create(spec, data.Image);
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, seed, []);
        return new TrainedRun(spec, new RunFolder(_folder), model, new RunData(data), weights, Step: 3, Result: null);
    }
}
