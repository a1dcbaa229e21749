using System.Globalization;
using VaeCluster.Cli.Progress;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Sweeps;

/// <summary>Runs a sweep in this process, with a view of its trials.</summary>
internal static class SweepHost
{
    /// <summary>Runs a sweep to its end.</summary>
    /// <param name="request">How.</param>
    /// <param name="open">Checks everything, then opens the sweep's journal; nothing is written before it does.</param>
    /// <param name="cancellation">Stops the trials with checkpoints.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(SweepRequest request, Func<ITrialRunner, SweepJournal> open, CancellationToken cancellation)
    {
        TextWriter output = request.Console.Output, error = request.Console.Error;
        var runner = new InProcessTrials(() => new ManagedEngine(), request.Threads ?? Environment.ProcessorCount);
        using SweepJournal journal = open(runner);
        string folder = RunFolders.Show(Environment.CurrentDirectory, journal.Folder.Path);
        if (SweepStart.Note(journal.Spec) is { } note) error.WriteLine($"note: {note}");
        SweepProgress progress = SweepProgress.Create(output, error);
        var driver = new SweepDriver(journal, runner, new SweepDriverOptions { Observer = progress, Finishing = Report });
        SweepSummary summary = progress.Watch(driver, () => driver.RunAsync(cancellation).GetAwaiter().GetResult());
        if (summary.Status == "stopped")
        {
            error.WriteLine($"stopped; resume with: {ProgramName.Value} resume {folder}");
            return ExitCodes.Stopped;
        }

        foreach (string line in SweepText.Table(summary)) output.WriteLine(line);
        output.WriteLine(SweepText.Headline(summary));
        output.WriteLine($"sweep   {folder}");
        output.WriteLine($"summary {RunFolders.Show(Environment.CurrentDirectory, journal.Folder.SummaryPath)}");
        if (File.Exists(journal.Folder.ReportPath))
            output.WriteLine($"report  {RunFolders.Show(Environment.CurrentDirectory, journal.Folder.ReportPath)}");
        if (summary.Status == "finished") return ExitCodes.Done;
        string? reason = summary.Trials.FirstOrDefault(trial => trial.Error is not null)?.Error;
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"error: all {summary.TotalTrials} trials failed; first error: {reason}"));
        return ExitCodes.Failed;

        void Report(SweepFolder finished)
        {
            try
            {
                using var engine = new ManagedEngine();
                SweepReportWriter.Write(finished, engine);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The results of the trials are safe; the report can be written again.
                error.WriteLine($"{finished.ReportPath}: not written ({fault.Message}); try again with: {ProgramName.Value} report {folder}");
            }
        }
    }
}
