namespace VaeCluster.Training.Steps;

/// <summary>The small part of a checkpoint: where the run stands beside its weights and moments.</summary>
public readonly record struct TrainingState
{
    /// <summary>A state with the defaults of a fresh run.</summary>
    public TrainingState()
    {
    }

    /// <summary>Steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Updates applied: steps done less those skipped.</summary>
    public required int Updates { get; init; }

    /// <summary>Steps that were skipped, since loss or gradient was not finite.</summary>
    public int Skipped { get; init; }

    /// <summary>The least loss so far, of the first step and of each epoch's mean; null where none was finite.</summary>
    public double? LeastLoss { get; init; }

    /// <summary>Factor on the step size; below 1 where the policy <c>halve</c> has acted.</summary>
    public double StepSizeFactor { get; init; } = 1;

    /// <summary>Sums over the steps of the epoch in progress, of means over their batches.</summary>
    public LossTerms EpochTerms { get; init; }

    /// <summary>Steps in those sums.</summary>
    public int EpochSteps { get; init; }

    /// <summary>Sums over the steps of the last finished epoch.</summary>
    public LossTerms LastEpochTerms { get; init; }

    /// <summary>Steps in those.</summary>
    public int LastEpochSteps { get; init; }

    /// <summary>The ELBO by which this checkpoint was judged (validation, else training); null where it was not judged.</summary>
    public double? Score { get; init; }

    /// <summary>The best score so far.</summary>
    public double? BestScore { get; init; }

    /// <summary>Seconds of training so far, over all sessions.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds spent in steps so far.</summary>
    public double StepSeconds { get; init; }

    /// <summary>The resolved run file.</summary>
    public string Spec { get; init; } = string.Empty;
}
