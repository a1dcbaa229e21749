using System.Globalization;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Cli.Progress;

/// <summary>Plain lines for pipes and files: one an epoch, one an evaluation, and one every two seconds between them.</summary>
/// <param name="output">For the lines.</param>
/// <param name="error">For notices.</param>
/// <param name="time">The clock.</param>
internal sealed class LineProgress(TextWriter output, TextWriter error, TimeProvider time) : TrainingProgress(error, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time;
    private long _lastLine;

    /// <inheritdoc/>
    public override void OnStarted(RunStart start)
    {
        base.OnStarted(start);
        Write(Headline(start));
        if (LeftOut(start) is { } line) Write(line);
    }

    /// <inheritdoc/>
    public override void OnStep(in StepRecord record)
    {
        if (_time.GetElapsedTime(_lastLine) < Interval) return;
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {record.Epoch}/{Start!.Spec.Training.Epochs}  step {record.Step}/{Start.TotalSteps}  {Terms(record.Elbo, record.Reconstruction, record.Kl)}  {Pace(record)}"));
    }

    /// <inheritdoc/>
    public override void OnEpoch(EpochRecord record) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {record.Epoch}/{Start!.Spec.Training.Epochs} done  {Terms(record.Elbo, record.Reconstruction, record.Kl)}  {record.SamplesPerSecond:#,0}/s"));

    /// <inheritdoc/>
    public override void OnEvaluation(EvaluationRecord record) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Split}  {Terms(record.Elbo, record.Reconstruction, record.Kl)}  {record.ActiveUnits} active units"));

    private void Write(string line)
    {
        output.WriteLine(line);
        _lastLine = _time.GetTimestamp();
    }
}
