using System.Globalization;
using VaeCluster.Cli.Sweeps;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Progress;

/// <summary>Plain lines for pipes and files: one when a trial begins, is measured and ends.</summary>
/// <param name="output">For the lines.</param>
/// <param name="error">For notices.</param>
internal sealed class LineSweepProgress(TextWriter output, TextWriter error) : SweepProgress(error)
{
    /// <inheritdoc/>
    public override void OnBegun(Trial trial, TrialRecord record) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"trial {trial.Index} {(record.Steps == 0 ? "begins" : $"resumes at step {record.Steps:#,0}")}: {trial.Describe()}, {record.TotalSteps:#,0} steps"));

    /// <inheritdoc/>
    public override void OnMeasured(TrialRecord record) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"trial {record.Index} step {record.Steps:#,0}/{record.TotalSteps:#,0}  {Scores(record)}"));

    /// <inheritdoc/>
    public override void OnEnded(TrialRecord record)
    {
        string how = record.Status switch
        {
            TrialStatus.Finished => "finished",
            TrialStatus.StoppedEarly => $"stopped early ({record.StopReason})",
            _ => $"failed ({record.Error})",
        };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"trial {record.Index} {how} after {record.Steps:#,0} steps  {Scores(record)}"));
    }

    private static string Scores(TrialRecord record) =>
        string.Join("  ", record.Scores.Select(score => $"{score.Key} {SweepText.Number(score.Value)}"));
}
