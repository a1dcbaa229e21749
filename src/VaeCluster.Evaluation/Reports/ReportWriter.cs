using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Reports;

/// <summary>
/// Writes a run's <c>report.html</c>: evaluates the weights for the values that only the report shows, and draws the figures.
/// </summary>
public static class ReportWriter
{
    // Enough for accurate bars, few enough to be fast.
    private const int DimensionExamples = 2000;

    /// <summary>Writes the report of a run; an existing one is replaced.</summary>
    /// <param name="run">The run.</param>
    /// <param name="engine">The engine for the figures.</param>
    /// <param name="threads">Threads for the evaluation.</param>
    /// <returns>The file.</returns>
    public static string Write(TrainedRun run, IEngine engine, int threads = 1)
    {
        string page = ReportPage.Render(Collect(run, engine, threads));
        string temporary = run.Folder.ReportPath + ".writing";
        File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, run.Folder.ReportPath, overwrite: true);
        return run.Folder.ReportPath;
    }

    /// <summary>Collects the contents of a run's report.</summary>
    /// <param name="run">The run.</param>
    /// <param name="engine">The engine for the figures.</param>
    /// <param name="threads">Threads for the evaluation.</param>
    public static ReportContent Collect(TrainedRun run, IEngine engine, int threads = 1)
    {
        Split split = run.EvaluationSplit;
        IReadOnlyList<DimensionKl> dimensions = [];
        string? source = null;
        if (run.Model.EncodesVariance)
        {
            SplitScores scores = Score(run, split, engine, threads);
            dimensions = [.. scores.KlPerDimension.Select(
                (kl, d) => new DimensionKl(d, kl, scores.MeanVariances[d] > SplitScores.ActiveVariance))];
            source = $"{ReportText.Count(scores.Examples)} images of the {split.Name} split";
        }

        string weights = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(run.Weights.Span)));
        return new ReportContent
        {
            Title = run.Spec.Name,
            Subtitle = ReportText.Subtitle(run),
            Status = ReportText.Status(run),
            KeyNumbers = [.. ReportText.KeyNumbers(run)],
            History = MetricsReader.Read(run.Folder.MetricsPath),
            Dimensions = dimensions,
            DimensionsSource = source,
            // If the run has continued, stored scores are of other weights and do not apply.
            Scores = ScoreFile.Read(run.Folder.ScoresPath) is { } kept && kept.WeightsSha256 == weights ? kept : null,
            Figures = Draw(run, split, engine, dimensions),
            Facts = [.. ReportText.Facts(run)],
            RunFile = RunFile.Write(run.Spec),
            WeightsSha256 = weights,
            Commands =
            [
                "vaecluster train run.yaml --out again",
                "# run.yaml is in the folder of this report; again/result.json will have the same weightsSha256",
            ],
        };
    }

    private static SplitScores Score(TrainedRun run, Split split, IEngine engine, int threads)
    {
        int limit = Math.Min(DimensionExamples, run.Spec.Evaluation.Limit ?? int.MaxValue);
        var options = new SplitEvaluatorOptions { Seed = run.Spec.Evaluation.Seed, Limit = limit, Threads = threads };
        using var evaluator = new SplitEvaluator(engine, run.Model, options);
        return evaluator.Score(run.Weights.Span, split);
    }

    private static List<ReportFigure> Draw(TrainedRun run, Split split, IEngine engine, IReadOnlyList<DimensionKl> dimensions)
    {
        long seed = run.Spec.Evaluation.Seed;
        using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
        var figures = new ReportFigures(runner, ExamplePicker.Pick(split, ReportFigures.ExamplesNeeded(run.Model.Image), seed), seed);
        var drawn = new List<ReportFigure> { figures.Reconstructed() };
        if (dimensions.Count > 0)
        {
            // A plain autoencoder has no prior to sample from and no scale for traversals.
            drawn.Add(figures.Traversed(dimensions));
            drawn.Add(figures.Sampled());
            if (Manifold.Exists(run.Model.Latent)) drawn.Add(figures.Plane());
        }

        if (figures.CanInterpolate) drawn.Add(figures.Interpolated());
        return drawn;
    }
}
