using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Scores;

/// <summary>The run to score; intermediate results that several scores need are computed on demand and cached.</summary>
internal sealed class ScoreSubject(IEngine engine, TrainedRun run, ScoreOptions options, CancellationToken cancellation)
{
    private SplitScores? _bound;
    private FactorGrid? _grid;
    private FactorCodes? _training;
    private FactorCodes? _test;
    private FactorCodes? _pool;
    private DciResult? _dci;

    internal ScoreOptions Options => options;

    /// <summary>The ELBO on the evaluated split.</summary>
    internal SplitScores Bound => _bound ??= MeasureBound();

    /// <summary>Codes of images with uniform factors, for training.</summary>
    internal FactorCodes Training => _training ??= Draw(ScoreStream.Training, options.TrainingSamples);

    /// <summary>Codes of other such images, for testing.</summary>
    internal FactorCodes Test => _test ??= Draw(ScoreStream.Test, options.TestSamples);

    /// <summary>Codes from which batches that share a factor are drawn: of all images of the dataset, or of a random pool.</summary>
    internal FactorCodes Pool => _pool ??= Grid.Count <= options.Pool ? Encode(Grid.All()) : Draw(ScoreStream.Pool, options.Pool);

    /// <summary>The DCI scores, which are measured together.</summary>
    internal DciResult Dci => _dci ??= DciScores.Measure(Training, Test, options, cancellation);

    /// <summary>The importance-weighted bound on the evaluated split.</summary>
    internal ImportanceWeightedScore ImportanceWeighted()
    {
        options.Progress?.Invoke($"iwae: {options.ImportanceWeighted.Samples} samples per example");
        var weighted = options.ImportanceWeighted with { Seed = options.Seed, Threads = options.Threads };
        return ImportanceWeightedBound.Estimate(engine, run.Model, run.Weights.Span, run.SplitNamed(options.Split), weighted, cancellation);
    }

    private FactorGrid Grid => _grid ??= new FactorGrid(run.Data.Train.Factors!);

    private SplitScores MeasureBound()
    {
        using var evaluator = new SplitEvaluator(engine, run.Model, new SplitEvaluatorOptions
        {
            Seed = options.Seed,
            Limit = options.Examples ?? run.Spec.Evaluation.Limit,
            Threads = options.Threads,
        });
        return evaluator.Score(run.Weights.Span, run.SplitNamed(options.Split), cancellation);
    }

    private FactorCodes Draw(ScoreStream stream, int count)
    {
        int[] examples = Grid.Draw(count, new RandomStream(options.Seed, RandomPurpose.Score, (uint)stream, 0));
        // If all images are encoded anyway, reuse their codes.
        return Grid.Count <= options.Pool && Grid.Count <= count ? Pool.Rows(examples) : Encode(examples);
    }

    private FactorCodes Encode(int[] examples)
    {
        options.Progress?.Invoke($"encoding {examples.Length:#,0} images");
        return Grid.Code(
            examples, run.Model.Latent, ImageEncoder.Encode(engine, run, run.Data.Train, examples, options.Threads, cancellation).Means);
    }
}
