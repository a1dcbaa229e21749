namespace VaeCluster.Training.Steps;

/// <summary>What is logged of a step; means over the batch, in nats per example.</summary>
public readonly record struct StepRecord
{
    /// <summary>Number of the step, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The objective's own value.</summary>
    public required double Loss { get; init; }

    /// <summary>−(reconstruction + KL): the plain bound with one sample.</summary>
    public double Elbo => -(Reconstruction + Kl);

    /// <summary>−log p(x|z).</summary>
    public required double Reconstruction { get; init; }

    /// <summary>KL(q(z|x) ‖ p(z)).</summary>
    public required double Kl { get; init; }

    /// <summary>Weight of the KL term.</summary>
    public required double Beta { get; init; }

    /// <summary>What a capacity objective held the KL against, in nats; null for the others.</summary>
    public double? Capacity { get; init; }

    /// <summary>Step size.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Global norm of the mean gradient, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Examples a second in this step.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Whether the step was skipped because its loss or gradient was not finite.</summary>
    public required bool Skipped { get; init; }
}
