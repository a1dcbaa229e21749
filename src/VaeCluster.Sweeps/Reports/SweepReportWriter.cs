using System.Text;
using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models.Engines;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>
/// Writes a sweep's <c>report.html</c> from the records and logs of its trials and the weights of the best trial of each β. If a
/// trial's folder cannot be read, the page says so and shows the rest.
/// </summary>
public static class SweepReportWriter
{
    // Enough points for a curve a few hundred pixels wide, but few enough for hundreds of trials on one page.
    private const int MostPoints = 80, FewestPoints = 24, PointsOfAll = 12_000;

    private const int MostStrips = 12, MostDimensions = 6, Steps = 9, ExamplesForKl = 200;

    /// <summary>Writes the report into a sweep's folder, replacing an existing one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="engine">The engine that draws the traversals.</param>
    /// <param name="runFolder">The run folder of a trial; null: below the sweep's.</param>
    /// <returns>The file.</returns>
    /// <exception cref="BadInputException">The folder does not contain a sweep, or no trial has started.</exception>
    public static string Write(SweepFolder folder, IEngine engine, Func<TrialRecord, string?>? runFolder = null)
    {
        if (!folder.Exists) throw new BadInputException(folder.Path, null, null, "not a sweep folder (no sweep.yaml)");
        SweepSpec spec = SweepFile.Load(folder.SpecPath, []);
        SweepSummary summary = SweepJournal.ReadSummary(folder)
            ?? throw new BadInputException(
                folder.Path, null, null, "this sweep has no summary.json yet; it is written when the sweep starts");
        Write(folder.ReportPath, spec, summary, engine, runFolder ?? (trial => folder.TrialPath(trial.Folder)), SweepFile.Write(spec));
        return folder.ReportPath;
    }

    /// <summary>Writes a report, replacing an existing one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spec">The sweep.</param>
    /// <param name="summary">Its trials.</param>
    /// <param name="engine">The engine that draws the traversals.</param>
    /// <param name="runFolder">The run folder of a trial; null if it is not on this machine.</param>
    /// <param name="sweepFile">The resolved sweep file, shown at the end of the page.</param>
    public static void Write(
        string path, SweepSpec spec, SweepSummary summary, IEngine engine, Func<TrialRecord, string?> runFolder, string sweepFile = "")
    {
        string page = SweepReportPage.Render(Collect(path, spec, summary, engine, runFolder) with { SweepFile = sweepFile });
        string temporary = path + ".writing";
        File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Collects the content of a sweep's report.</summary>
    /// <param name="path">Path of the page; links to trials are relative to it.</param>
    /// <param name="spec">The sweep.</param>
    /// <param name="summary">Its trials.</param>
    /// <param name="engine">The engine that draws the traversals.</param>
    /// <param name="runFolder">The run folder of a trial; null if it is not on this machine.</param>
    public static SweepReport Collect(
        string path, SweepSpec spec, SweepSummary summary, IEngine engine, Func<TrialRecord, string?> runFolder)
    {
        IReadOnlyList<ReportParameter> parameters = ReportParameter.Of(spec.Space, summary.Trials);
        var courses = new Dictionary<int, TrialCourse>();
        var pages = new Dictionary<int, string>();
        List<string> notes = [];
        int points = Math.Clamp(PointsOfAll / Math.Max(1, summary.Trials.Count), FewestPoints, MostPoints);
        foreach (TrialRecord trial in summary.Trials)
        {
            if (runFolder(trial) is not { } folder) continue;
            var files = new Training.Runs.RunFolder(folder);
            if (Read(trial, notes, () => TrialCourse.Read(files.MetricsPath, points)) is { } course) courses[trial.Index] = course;
            if (File.Exists(files.ReportPath)) pages[trial.Index] = Link(path, files.ReportPath);
        }

        // What the page shows of the bound has to be said even where trials are ranked by something else.
        if (summary.Groups.Count == 0)
        {
            string[] shown = ["elbo", "reconstruction"];
            IReadOnlyList<(string Basis, IReadOnlyList<int>)> bound = new ComparableGroups(spec, shown, isFinal: true)
                .Of(summary.Trials.Select(trial => (trial.Index, trial.Parameters)));
            if (bound.Count > 0)
            {
                notes.Add($"{string.Join(" and ", shown)} of trials with {ComparableGroups.Listed(bound.Select(group => group.Basis))} "
                    + "are not comparable: the plane and the tables show them side by side all the same.");
            }
        }

        ReportImage?[] strips = [.. BestOfEachBeta(parameters, summary).Select(
            best => Read(best, notes, () => Strip(best, parameters, engine, runFolder)))];
        return new SweepReport
        {
            Summary = summary,
            Parameters = parameters,
            Subtitle = Subtitle(spec, summary),
            Courses = courses,
            Pages = pages,
            Traversals = [.. strips.OfType<ReportImage>()],
            Notes = notes,
        };
    }

    /// <summary>The best finished trial of each β by the first objective, of each group of trials that compare; the best of all if neither
    /// varies.</summary>
    internal static IEnumerable<TrialRecord> BestOfEachBeta(IReadOnlyList<ReportParameter> parameters, SweepSummary summary)
    {
        if (summary.Objectives.Count == 0) return [];
        ReportScore score = ReportScore.Of(summary).FirstOrDefault(score => score.Name == summary.Objectives[0].Name)
            ?? new ReportScore(summary.Objectives[0].Name, summary.Objectives[0].HigherIsBetter, string.Empty);
        ReportParameter? beta = parameters.FirstOrDefault(parameter => parameter.Field == ReportParameter.BetaField);
        TrialRecord[] best = [.. summary.Trials
            .Where(trial => trial.Status == TrialStatus.Finished && score.Value(trial) is not null)
            .GroupBy(trial => (Beta: beta?.Number(trial), Group: summary.GroupOf(trial)?.Name))
            .OrderBy(group => group.Key.Beta).ThenBy(group => group.Key.Group, StringComparer.Ordinal)
            .Select(group => score.HigherIsBetter ? group.MaxBy(trial => score.Value(trial))! : group.MinBy(trial => score.Value(trial))!)];
        // In a random search every trial has its own β: choose evenly from all of them.
        return best.Length <= MostStrips
            ? best
            : Enumerable.Range(0, MostStrips).Select(i => best[i * (best.Length - 1) / (MostStrips - 1)]);
    }

    private static ReportImage? Strip(
        TrialRecord trial, IReadOnlyList<ReportParameter> parameters, IEngine engine, Func<TrialRecord, string?> runFolder)
    {
        if (runFolder(trial) is not { } folder) return null;
        TrainedRun run = TrainedRun.Open(folder, _ => { });
        // A plain autoencoder has no prior that gives a traversal its range.
        if (!run.Model.EncodesVariance) return null;
        float[] examples = run.ExamplesAtHand(split: null, ExamplesForKl);
        using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
        double[] kl = CodeStatistics.MeanKl(runner, examples);
        int[] dimensions = [.. Traversals.OrderByKl(kl).Take(MostDimensions)];
        var center = new float[run.Model.Latent];
        runner.Encode(examples.AsSpan(0, run.Model.Image.Pixels), center, []);
        var options = new TraversalsOptions { Center = center, Steps = Steps, Grid = new ImageGridOptions { MinTile = 40 } };
        Raster raster = Traversals.Render(runner, dimensions, options);
        string settings = string.Join(", ", parameters
            .Where(parameter => parameter.Field != ReportParameter.BetaField && parameter.Text(trial) is not null)
            .Select(parameter => $"{parameter.Name} {parameter.Text(trial)}"));
        ReportParameter? beta = parameters.FirstOrDefault(parameter => parameter.Field == ReportParameter.BetaField);
        int active = kl.Count(value => value > Evaluation.Scores.Ranking.UnsupervisedDisentanglementRanking.SmallestKl);
        return new ReportImage(
            beta?.Text(trial) is { } value ? $"β {value}" : "Best trial",
            $"trial {trial.Index}{(settings.Length > 0 ? $", {settings}" : string.Empty)}"
                + (run.Model.HasClosedFormKl ? $", {active} of {kl.Length} dimensions with KL > 0.01" : string.Empty),
            $"Latent traversals of trial {trial.Index}", raster);
    }

    private static T? Read<T>(TrialRecord trial, List<string> notes, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is BadInputException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            notes.Add($"Trial {trial.Index} cannot be shown completely: {fault.Message}");
            return null;
        }
    }

    private static string Subtitle(SweepSpec spec, SweepSummary summary)
    {
        string by = string.Join(", ", summary.Objectives.Select(objective => objective.Name));
        string stop = spec.Stop.Name == "none" ? "no early stopping" : $"{spec.Stop.Name} stopping";
        string seeds = spec.Seeds.Count == 1 ? "seed" : "seeds";
        return $"{spec.Search.Name} search · {stop} · {spec.Seeds.Count} {seeds} per setting · ranked by {by}";
    }

    private static string Link(string page, string target)
    {
        string relative = Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, target);
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }
}
