using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Core;

namespace VaeCluster.Cli.LocalRuns;

/// <summary>Runs and sweeps as a table for people or as JSON for programs.</summary>
internal static class LocalRunText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>An array with an object for each.</summary>
    internal static string ToJson(IReadOnlyList<LocalRun> runs) => JsonSerializer.Serialize(runs, Json);

    /// <summary>A line for each, below a line of headings.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="now">The present, for ages.</param>
    internal static IEnumerable<string> Table(IReadOnlyList<LocalRun> runs, DateTimeOffset now)
    {
        string[][] rows = [["run", "state", "step", "ELBO", "age"], .. runs.Select(run => Row(run, now))];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ",
            row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }

    private static string[] Row(LocalRun run, DateTimeOffset now) => [VisibleText.Of(run.Id), run.State, Progress(run), Elbo(run), Age(run.Started, now)];

    private static string Progress(LocalRun run) => run.IsSweep
        ? string.Create(CultureInfo.InvariantCulture, $"{run.TrialsEnded}/{Total(run.TotalTrials)} trials")
        : run.Step is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{run.Step:#,0}/{Total(run.TotalSteps)}");

    private static string Total(int? count) => count?.ToString("#,0", CultureInfo.InvariantCulture) ?? "?";

    private static string Elbo(LocalRun run)
    {
        if (run.Elbo is not { } elbo) return "–";
        string text = elbo.ToString("0.00", CultureInfo.InvariantCulture);
        return run.ElboSplit == "train" ? $"{text} (train)" : text;
    }

    private static string Age(DateTimeOffset? started, DateTimeOffset now)
    {
        if (started is null) return "–";
        TimeSpan age = now - started.Value;
        return age switch
        {
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)} s"),
            { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d"),
        };
    }
}
