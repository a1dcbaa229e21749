using System.Text;
using VaeCluster.Core.Specs;
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
    /// <summary>Writes the report of a run; an existing one is replaced.</summary>
    /// <param name="run">The run.</param>
    /// <param name="engine">The engine for the figures.</param>
    /// <param name="threads">Threads for the evaluation.</param>
    /// <returns>The file.</returns>
    public static string Write(TrainedRun run, IEngine engine, int threads = 1)
    {
        // Kept first, and then read for the page, so that the page is the same wherever it is written again.
        bool isMeasurable = run.Model.EncodesVariance && RunData.MissingPath(run.Spec) is null;
        if (isMeasurable && KeptDimensions.Read(run) is null) KeptDimensions.Measure(run, engine, threads).Write(run);
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
        IReadOnlyList<DimensionKl> dimensions = [];
        string? source = null;
        if (run.Model.EncodesVariance)
        {
            KeptDimensions found = KeptDimensions.Read(run) ?? KeptDimensions.Measure(run, engine, threads);
            dimensions = [.. found.KlPerDimension.Select(
                (kl, d) => new DimensionKl(d, kl, found.MeanVariances[d] > SplitScores.ActiveVariance)
                {
                    Rank = run.Model.HasClosedFormKl ? kl : found.MeanVariances[d],
                })];
            source = $"{ReportText.Count(found.Examples)} images of the {found.Split} split";
        }

        string weights = run.WeightsSha256;
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
            Notes = [.. ReportText.Missing(run)],
            Figures = Draw(run, engine, dimensions),
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

    private static List<ReportFigure> Draw(TrainedRun run, IEngine engine, IReadOnlyList<DimensionKl> dimensions)
    {
        long seed = run.Spec.Evaluation.Seed;
        using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
        var figures = new ReportFigures(runner, run.Examples(split: null, ReportFigures.ExamplesNeeded(run.Model.Image)), seed);
        var drawn = new List<ReportFigure> { figures.Reconstructed() };
        if (dimensions.Count > 0)
        {
            // A plain autoencoder has no prior to sample from and no scale for traversals.
            drawn.Add(figures.Traversed(dimensions));
            drawn.Add(figures.Sampled());
            if (Manifold.Exists(run.Model.Latent, run.Model.Prior.IsStandard)) drawn.Add(figures.Plane());
        }

        if (figures.CanInterpolate) drawn.Add(figures.Interpolated());
        return drawn;
    }
}
