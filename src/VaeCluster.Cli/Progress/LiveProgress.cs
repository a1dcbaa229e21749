using System.Globalization;
using Spectre.Console;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cli.Progress;

/// <summary>A bar that moves, for terminals. The library draws it on a timer of its own; a step only leaves its numbers.</summary>
/// <param name="error">For notices.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveProgress(TextWriter error, TimeProvider time) : TrainingProgress(error, time)
{
    private const int BarWidth = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time;
    private ProgressTask? _bar;
    private long _lastUpdate;

    /// <inheritdoc/>
    internal override T Watch<T>(Func<T> work) => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            _bar = context.AddTask("starting", maxValue: 1);
            return work();
        });

    /// <inheritdoc/>
    public override void OnStarted(RunStart start)
    {
        base.OnStarted(start);
        AnsiConsole.WriteLine(Headline(start));
        if (LeftOut(start) is { } line) AnsiConsole.WriteLine(line);
        if (_bar is not null) _bar.MaxValue = start.TotalSteps;
    }

    /// <inheritdoc/>
    public override void OnStep(in StepRecord record)
    {
        if (_bar is null || (_time.GetElapsedTime(_lastUpdate) < Interval && record.Step < Start!.TotalSteps)) return;
        _lastUpdate = _time.GetTimestamp();
        _bar.Value = record.Step;
        // Short, so that bar and numbers share one line of a terminal of 80 columns.
        _bar.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Epoch}/{Start!.Spec.Training.Epochs}  ELBO {record.Elbo:0.0}  rec {record.Reconstruction:0.0}  KL {record.Kl:0.0}  {Pace(record)}");
    }

    /// <inheritdoc/>
    public override void OnEvaluation(EvaluationRecord record) => AnsiConsole.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {record.Epoch}: {record.Split} {Terms(record.Elbo, record.Reconstruction, record.Kl)}  {record.ActiveUnits} active units"));
}
