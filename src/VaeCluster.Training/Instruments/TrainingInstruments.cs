using System.Diagnostics;
using System.Diagnostics.Metrics;
using VaeCluster.Core.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Instruments;

/// <summary>
/// What training measures of itself, for whoever listens to the meter <see cref="InstrumentNames.Meter"/>. Recording allocates nothing, and
/// without a listener it is one comparison.
/// </summary>
public static class TrainingInstruments
{
    // Steps take from tens of microseconds to seconds, checkpoints up to minutes.
    private static readonly double[] StepBounds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
    private static readonly double[] CheckpointBounds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];
    private static readonly double[] RecoveryBounds = [0.001, 0.01, 0.1, 0.5, 1, 2, 4, 8, 16, 32];
    private static readonly double[] SizeBounds = [1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
    private static readonly int[] StalenessBounds = [0, 1, 2, 4, 8, 16];

    private static readonly Meter Meter = new(InstrumentNames.Meter);
    private static readonly Gauge<double> Elbo = Meter.CreateGauge<double>(
        InstrumentNames.Elbo, "nat", "ELBO of the last step, mean over the batch");
    private static readonly Gauge<double> Reconstruction = Meter.CreateGauge<double>(
        InstrumentNames.Reconstruction, "nat", "−log p(x|z) of the last step");
    private static readonly Gauge<double> Kl = Meter.CreateGauge<double>(InstrumentNames.Kl, "nat", "KL to the prior of the last step");
    private static readonly Gauge<int> Active = Meter.CreateGauge<int>(
        InstrumentNames.ActiveDimensions, "{dimension}", "Active latent dimensions in the last evaluation");

    private static readonly Gauge<double> Norm = Meter.CreateGauge<double>(
        InstrumentNames.GradientNorm, "1", "Norm of the last step's mean gradient");
    private static readonly Counter<long> Samples = Meter.CreateCounter<long>(
        InstrumentNames.Samples, "{sample}", "Examples that steps have seen");
    private static readonly Histogram<double> Duration = Histogram(
        InstrumentNames.StepDuration, "s", "Time of a step's phases", StepBounds);
    private static readonly Histogram<int> Staleness = Meter.CreateHistogram(
        InstrumentNames.GradientStaleness, "{step}", "Steps that a gradient was behind",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = StalenessBounds });

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        InstrumentNames.GradientDropped, "{gradient}", "Gradients that do not count");
    private static readonly Histogram<double> CheckpointDuration = Histogram(
        InstrumentNames.CheckpointDuration, "s", "Writing a checkpoint", CheckpointBounds);
    private static readonly Histogram<double> CheckpointSize = Histogram(
        InstrumentNames.CheckpointSize, "By", "Size of a checkpoint", SizeBounds);
    private static readonly Histogram<double> Recovery = Histogram(
        InstrumentNames.RecoveryDuration, "s", "Making up for a lost worker", RecoveryBounds);
    private static readonly UpDownCounter<int> Trials = Meter.CreateUpDownCounter<int>(
        InstrumentNames.SweepTrials, "{trial}", "Trials by state");

    // Labels are made once: a word of an enum would be a new text each time.
    private static readonly KeyValuePair<string, object?>[] Phases = Labels<StepPhase>(InstrumentNames.PhaseLabel);
    private static readonly KeyValuePair<string, object?>[] Reasons = Labels<DropReason>(InstrumentNames.ReasonLabel);

    static TrainingInstruments() => Meter.CreateObservableGauge(
        InstrumentNames.CheckpointAge, CheckpointClock.Oldest, "s",
        "Time since the last checkpoint of the run for which it is longest ago");

    /// <summary>Whether somebody listens to the times of phases, so that the clock need not be read for nobody.</summary>
    public static bool TimesPhases => Duration.Enabled;

    /// <summary>A step is done.</summary>
    /// <param name="record">What is logged of it.</param>
    /// <param name="batch">Examples of a step.</param>
    public static void Step(in StepRecord record, int batch)
    {
        Samples.Add(batch);
        if (record.Skipped)
        {
            Drop(DropReason.NonFinite);
            return;
        }

        Elbo.Record(record.Elbo);
        Reconstruction.Record(record.Reconstruction);
        Kl.Record(record.Kl);
        Norm.Record(record.GradientNorm);
    }

    /// <summary>A model was judged.</summary>
    /// <param name="record">What is logged of it.</param>
    public static void Evaluation(EvaluationRecord record) => Active.Record(record.ActiveUnits);

    /// <summary>A phase is done.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="started">When it began, a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="ended">When it ended.</param>
    public static void Phase(StepPhase phase, long started, long ended)
    {
        if (Duration.Enabled) Duration.Record(Stopwatch.GetElapsedTime(started, ended).TotalSeconds, Phases[(int)phase]);
    }

    /// <summary>A gradient has come to a range.</summary>
    /// <param name="steps">How many steps it is behind.</param>
    public static void Arrived(int steps) => Staleness.Record(Math.Max(0, steps));

    /// <summary>A gradient does not count.</summary>
    /// <param name="reason">Why.</param>
    public static void Drop(DropReason reason) => Dropped.Add(1, Reasons[(int)reason]);

    /// <summary>A checkpoint is on disk.</summary>
    /// <param name="elapsed">What it took.</param>
    /// <param name="bytes">Size of its files.</param>
    public static void Checkpoint(TimeSpan elapsed, long bytes)
    {
        CheckpointDuration.Record(elapsed.TotalSeconds);
        CheckpointSize.Record(bytes);
    }

    /// <summary>What a lost worker had not finished is done.</summary>
    /// <param name="elapsed">Since it was given to others.</param>
    public static void Recovered(TimeSpan elapsed) => Recovery.Record(elapsed.TotalSeconds);

    /// <summary>Trials have come to a state, or left it.</summary>
    /// <param name="state">The state, one lower-case word.</param>
    /// <param name="change">How many more there are in it.</param>
    public static void TrialsIn(string state, int change) =>
        Trials.Add(change, new KeyValuePair<string, object?>(InstrumentNames.StateLabel, state));

    private static Histogram<double> Histogram(string name, string unit, string description, double[] bounds) =>
        Meter.CreateHistogram(name, unit, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private static KeyValuePair<string, object?>[] Labels<T>(string name)
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(word => new KeyValuePair<string, object?>(name, word.ToLowerInvariant()))];
}
