using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>Watches a run; called on the run's own thread, so it must be quick.</summary>
public interface IRunObserver
{
    /// <summary>Training is about to begin or go on.</summary>
    /// <param name="start">What will run.</param>
    void OnStarted(RunStart start);

    /// <summary>A step is done.</summary>
    /// <param name="record">The step.</param>
    void OnStep(in StepRecord record);

    /// <summary>An epoch is done.</summary>
    /// <param name="record">The epoch.</param>
    void OnEpoch(EpochRecord record);

    /// <summary>The model was judged.</summary>
    /// <param name="record">The evaluation.</param>
    void OnEvaluation(EvaluationRecord record);

    /// <summary>A checkpoint is on disk.</summary>
    /// <param name="step">The step it holds.</param>
    void OnCheckpoint(int step);

    /// <summary>Something a person should know that is no error.</summary>
    /// <param name="message">One line.</param>
    void OnNotice(string message);
}
