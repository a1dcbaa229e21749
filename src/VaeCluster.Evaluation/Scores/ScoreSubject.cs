using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Scores;

/// <summary>A run as scores see it: what several of them need is computed when the first asks for it, and kept.</summary>
internal sealed class ScoreSubject(IEngine engine, TrainedRun run, ScoreOptions options, CancellationToken cancellation)
{
    private SplitScores? _bound;
    private FactorGrid? _grid;
    private FactorCodes? _training;
    private FactorCodes? _test;
    private FactorCodes? _pool;
    private DciResult? _dci;

    internal ScoreOptions Options => options;

    /// <summary>The plain bound on the judged split.</summary>
    internal SplitScores Bound => _bound ??= MeasureBound();

    /// <summary>Codes of images with uniform factors, to learn from.</summary>
    internal FactorCodes Training => _training ??= Draw(ScoreStream.Training, options.TrainingSamples);

    /// <summary>Codes of other such images, to test on.</summary>
    internal FactorCodes Test => _test ??= Draw(ScoreStream.Test, options.TestSamples);

    /// <summary>Codes that batches which share a factor are drawn from: every image of the data, or a pool of them.</summary>
    internal FactorCodes Pool => _pool ??= Grid.Count <= options.Pool ? Encode(Grid.All()) : Draw(ScoreStream.Pool, options.Pool);

    /// <summary>The scores of DCI, which are measured together.</summary>
    internal DciResult Dci => _dci ??= DciScores.Measure(Training, Test, options, cancellation);

    /// <summary>The importance-weighted bound on the judged split.</summary>
    internal ImportanceWeightedScore ImportanceWeighted()
    {
        options.Progress?.Invoke($"iwae: {options.ImportanceWeighted.Samples} samples an example");
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
        // Where every image is encoded anyway, and fits, nothing is encoded twice.
        return Grid.Count <= options.Pool && Grid.Count <= count ? Pool.Rows(examples) : Encode(examples);
    }

    private FactorCodes Encode(int[] examples)
    {
        options.Progress?.Invoke($"encoding {examples.Length:#,0} images");
        return Grid.Code(examples, run.Model.Latent, ImageEncoder.Encode(engine, run, run.Data.Train, examples, options.Threads, cancellation).Means);
    }
}
