using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Progress;

/// <summary>Shows the progress of a sweep.</summary>
/// <param name="error">For notices.</param>
internal abstract class SweepProgress(TextWriter error) : ISweepObserver
{
    /// <summary>The view that fits where the output goes: a live table in a terminal, plain lines in a pipe or file.</summary>
    internal static SweepProgress Create(TextWriter output, TextWriter error) =>
        Console.IsOutputRedirected || VisibleWriter.Behind(output) != Console.Out
            ? new LineSweepProgress(output, error)
            : new LiveSweepProgress(error);

    /// <summary>Executes a sweep under this view.</summary>
    /// <param name="driver">The sweep's driver.</param>
    /// <param name="work">Drives it to its end.</param>
    internal virtual SweepSummary Watch(SweepDriver driver, Func<SweepSummary> work) => work();

    /// <inheritdoc/>
    public virtual void OnBegun(Trial trial, TrialRecord record)
    {
    }

    /// <inheritdoc/>
    public virtual void OnMeasured(TrialRecord record)
    {
    }

    /// <inheritdoc/>
    public virtual void OnEnded(TrialRecord record)
    {
    }

    /// <inheritdoc/>
    public virtual void OnNotice(string message) => error.WriteLine($"note: {VisibleText.Line(message)}");
}
