using System.Collections.Concurrent;
using Spectre.Console;
using VaeCluster.Cli.Sweeps;
using VaeCluster.Core;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Progress;

/// <summary>A table of the trials that is drawn anew twice a second, for terminals: those that train, and the last that ended.</summary>
/// <param name="error">For notices.</param>
internal sealed class LiveSweepProgress(TextWriter error) : SweepProgress(error)
{
    private const int RowsOfOthers = 8, FewestRows = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<string> _notices = [];

    /// <inheritdoc/>
    internal override SweepSummary Watch(SweepDriver driver, Func<SweepSummary> work) =>
        AnsiConsole.Live(Draw(driver.Summary())).AutoClear(true).Start(context =>
    {
        // Only this thread draws, so that notices never tear the table.
        Task<SweepSummary> running = Task.Run(work);
        while (!running.IsCompleted)
        {
            Task.WhenAny(running, Task.Delay(Interval)).GetAwaiter().GetResult();
            context.UpdateTarget(Draw(driver.Summary()));
            context.Refresh();
        }

        return running.GetAwaiter().GetResult();
    });

    /// <inheritdoc/>
    public override void OnNotice(string message) => _notices.Enqueue(VisibleText.Line(message));

    private Rows Draw(SweepSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in SweepText.Headings(summary))
            table.AddColumn(new TableColumn(Markup.Escape(VisibleText.Of(heading))).RightAligned().NoWrap());
        table.Columns[^1].LeftAligned();
        foreach (TrialRecord trial in Shown(summary)) table.AddRow([.. SweepText.Row(summary, trial).Select(cell => Markup.Escape(VisibleText.Of(cell)))]);
        while (_notices.Count > 3) _notices.TryDequeue(out _);
        return new Rows([table, new Text(VisibleText.Of(SweepText.Headline(summary))), .. _notices.Select(notice => new Text($"note: {notice}"))]);
    }

    // Running trials, the best, then the latest ones as far as they fit the terminal.
    private static IEnumerable<TrialRecord> Shown(SweepSummary summary)
    {
        int rows = Math.Max(FewestRows, AnsiConsole.Profile.Height - RowsOfOthers);
        return summary.Trials.OrderByDescending(trial => trial.Status == TrialStatus.Running)
            .ThenByDescending(trial => summary.IsBest(trial))
            .ThenByDescending(trial => trial.Index).Take(rows).OrderBy(trial => trial.Index);
    }
}
