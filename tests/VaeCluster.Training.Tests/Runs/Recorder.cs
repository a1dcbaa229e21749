using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>Keeps what an observer is told.</summary>
public sealed class Recorder : IRunObserver
{
    public List<StepRecord> Steps { get; } = [];

    public List<string> Notices { get; } = [];

    /// <summary>Called after each step with its number.</summary>
    public Action<int>? StepDone { get; init; }

    public void OnStarted(RunStart start)
    {
    }

    public void OnStep(in StepRecord record)
    {
        Steps.Add(record);
        StepDone?.Invoke(record.Step);
    }

    public void OnEpoch(EpochRecord record)
    {
    }

    public void OnEvaluation(EvaluationRecord record)
    {
    }

    public void OnCheckpoint(int step)
    {
    }

    public void OnNotice(string message) => Notices.Add(message);
}
