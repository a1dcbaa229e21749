using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using VaeCluster.Core.Instruments;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Instruments;

public sealed class TrainingInstrumentsTests
{
    private static readonly StepRecord Record = new()
    {
        Step = 1,
        Epoch = 1,
        Loss = 3,
        Reconstruction = 2,
        Kl = 1,
        Beta = 1,
        LearningRate = 0.1,
        GradientNorm = 7,
        SamplesPerSecond = 100,
        Skipped = false,
    };

    [Fact]
    public void Recording_allocates_nothing_whether_somebody_listens_or_not()
    {
        Assert.Equal(0, Allocated());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
                { if (instrument.Meter.Name == InstrumentNames.Meter) self.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        Assert.Equal(0, Allocated());

        static long Allocated()
        {
            var timeline = new PhaseTimeline();
            for (int i = 0; i < 3; i++) Work(timeline);
            return Allocation.Of(() =>
            {
                for (int i = 0; i < 3000; i++) Work(timeline);
            });
        }

        static void Work(PhaseTimeline timeline)
        {
            long now = Stopwatch.GetTimestamp();
            TrainingInstruments.Step(Record, 64);
            TrainingInstruments.Phase(StepPhase.Compute, now, now + 1000);
            TrainingInstruments.Drop(DropReason.Stale);
            TrainingInstruments.Arrived(0);
            timeline.Add("worker-0", StepPhase.Compute, 1, now, now + 1000);
        }
    }

    [Fact]
    public void What_is_recorded_arrives_under_the_names_of_the_one_file_without_run_or_trial()
    {
        var seen = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
                { if (instrument.Meter.Name == InstrumentNames.Meter) self.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        TrainingInstruments.Step(Record, 64);
        TrainingInstruments.Step(Record with { Skipped = true }, 64);
        TrainingInstruments.Phase(StepPhase.Pull, 0, 100);
        TrainingInstruments.Checkpoint(TimeSpan.FromSeconds(1), 100);
        TrainingInstruments.Recovered(TimeSpan.FromSeconds(1));
        TrainingInstruments.Arrived(2);
        TrainingInstruments.TrialsIn("running", 1);
        TrainingInstruments.TrialsIn("running", -1);
        TrainingInstruments.Evaluation(new EvaluationRecord(1, 1, "test", 10, 1, 0.5, [0.1], 3));
        using (new CheckpointClock(TimeProvider.System)) listener.RecordObservableInstruments();

        string[] names = [.. typeof(InstrumentNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetValue(null)!)];
        Assert.All(seen.Keys, name => Assert.Contains(name, names));
        Assert.Superset(
            new HashSet<string>(names.Where(name => name.StartsWith("vaecluster.", StringComparison.Ordinal))),
            new HashSet<string>(seen.Keys));
        Assert.Contains("nonfinite", seen[InstrumentNames.GradientDropped], StringComparison.Ordinal);
        Assert.All(seen.Values.SelectMany(tags => tags.Split(',', StringSplitOptions.RemoveEmptyEntries)), tag =>
            Assert.Contains(tag.Split('=')[0], (string[])[InstrumentNames.PhaseLabel, InstrumentNames.ReasonLabel,
                InstrumentNames.StateLabel]));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            seen.AddOrUpdate(instrument.Name, text, (_, known) => $"{known},{text}");
        }
    }

    [Fact]
    public void A_step_is_traced_with_what_was_done_for_it_elsewhere()
    {
        var done = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == InstrumentNames.Traces,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = done.Add,
        };
        ActivitySource.AddActivityListener(listener);
        string? context;
        ActivityTraceId trace;
        using (Activity? step = StepTraces.Step(7, 2))
        {
            Assert.NotNull(step);
            (context, trace) = (StepTraces.Context, step.TraceId);
        }

        // On another machine nothing is known of the step but its context.
        long started = Stopwatch.GetTimestamp();
        StepTraces.Add("compute", context, started, 7, "a/cpu:0");
        StepTraces.Add("apply", "no context", started, 7, "range 0");
        StepTraces.Add("apply", null, started, 7, "range 0");
        Activity[] own = [.. done.Where(activity => activity.TraceId == trace)];
        Assert.Equal(["compute", "step"], own.Select(activity => activity.OperationName).Order());
        Activity compute = own.Single(activity => activity.OperationName == "compute");
        Assert.Equal(context!.Split('-')[2], compute.ParentSpanId.ToHexString());
        Assert.Equal("a/cpu:0", compute.GetTagItem("vaecluster.where"));
    }

    [Fact]
    public void The_oldest_checkpoint_of_the_runs_in_progress_counts()
    {
        var time = new Clock();
        using var first = new CheckpointClock(time);
        time.Now += TimeSpan.FromHours(30);
        using var second = new CheckpointClock(time);
        Assert.InRange(CheckpointClock.Oldest().Single().Value, 30 * 3600 - 1, 30 * 3600 + 1);
        first.Reset();
        Assert.True(CheckpointClock.Oldest().Single().Value < 29 * 3600);
    }

    private sealed class Clock : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
