using System.Globalization;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cli.Progress;

/// <summary>Shows the progress of a run.</summary>
/// <param name="error">For notices.</param>
/// <param name="time">The clock.</param>
internal abstract class TrainingProgress(TextWriter error, TimeProvider time) : IRunObserver
{
    private long _started;

    /// <summary>What runs; null before it has started.</summary>
    protected RunStart? Start { get; private set; }

    /// <summary>The view that fits where the output goes: a live bar in a terminal, plain lines in a pipe or file.</summary>
    internal static TrainingProgress Create(TextWriter output, TextWriter error) =>
        Console.IsOutputRedirected || VisibleWriter.Behind(output) != Console.Out
            ? new LineProgress(output, error, TimeProvider.System)
            : new LiveProgress(error, TimeProvider.System);

    /// <summary>Executes a run under this view.</summary>
    internal virtual T Watch<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public virtual void OnStarted(RunStart start)
    {
        Start = start;
        _started = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public abstract void OnStep(in StepRecord record);

    /// <inheritdoc/>
    public virtual void OnEpoch(EpochRecord record)
    {
    }

    /// <inheritdoc/>
    public virtual void OnEvaluation(EvaluationRecord record)
    {
    }

    /// <inheritdoc/>
    public void OnCheckpoint(int step)
    {
        // A run can be stopped at any time, so a checkpoint is not worth a line.
    }

    /// <inheritdoc/>
    public void OnNotice(string message) => error.WriteLine($"note: {VisibleText.Line(message)}");

    /// <summary>The run in one line, for its beginning.</summary>
    protected static string Headline(RunStart start)
    {
        string sizes = string.Create(
            CultureInfo.InvariantCulture,
            $"{start.Spec.Training.Epochs:#,0} epochs of {start.StepsPerEpoch:#,0} steps, {start.Parameters:#,0} parameters");
        return $"{VisibleText.Of(start.Spec.Name)}: {sizes}, {Plural(start.Workers, "worker")}, {Plural(start.Threads, "thread")}";
    }

    /// <summary>How many examples an epoch leaves out, in one line; null if none, or if it is not known.</summary>
    protected static string? LeftOut(RunStart start)
    {
        int batch = start.Spec.Training.Batch;
        if (start.Examples is not { } examples || examples % batch == 0) return null;
        int left = examples % batch;
        string are = left == 1 ? "is" : "are";
        return string.Create(CultureInfo.InvariantCulture,
            $"a step takes {batch:#,0} examples; {left:#,0} of {examples:#,0} {are} left out of an epoch, others each time");
    }

    /// <summary>The terms in one line.</summary>
    protected static string Terms(double elbo, double reconstruction, double kl) =>
        string.Create(CultureInfo.InvariantCulture, $"ELBO {elbo:0.00}  reconstruction {reconstruction:0.00}  KL {kl:0.00}");

    /// <summary>Pace and time until the end.</summary>
    protected string Pace(in StepRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.SamplesPerSecond:#,0}/s  {Remaining(record.Step):h\\:mm\\:ss} left");

    private TimeSpan Remaining(int step)
    {
        int done = step - Start!.FirstStep + 1;
        return done < 1 ? TimeSpan.Zero : time.GetElapsedTime(_started) / done * (Start.TotalSteps - step);
    }

    private static string Plural(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
