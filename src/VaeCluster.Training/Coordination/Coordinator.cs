using System.Diagnostics;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Schedules;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Objectives;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Coordination;

/// <summary>
/// Runs the steps of one run: plans each step, takes its gradient from the cluster, decides once for all ranges (norm, finite or not, step
/// size), has it applied, and keeps the sums that the metrics are made of. Where workers and parameter servers live it does not know.
/// </summary>
public sealed class Coordinator
{
    private readonly RunSpec _spec;
    private readonly ITrainingCluster _cluster;
    private readonly ISchedule _learningRate;
    private readonly ISchedule _betaSchedule;
    private readonly Objective _objective;
    private readonly TimeProvider _time;

    /// <summary>A coordinator for one generation.</summary>
    /// <param name="spec">The resolved run file.</param>
    /// <param name="objective">Gives the weight of the KL term at full strength, and the capacity of a step.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="cluster">Workers and parameter servers.</param>
    /// <param name="generation">This incarnation.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="time">Clock for the time in steps.</param>
    public Coordinator(
        RunSpec spec, Objective objective, int stepsPerEpoch, ITrainingCluster cluster, int generation, TrainingState state,
        TimeProvider time)
    {
        _spec = spec;
        _objective = objective;
        _cluster = cluster;
        _time = time;
        _learningRate = LearningRateSchedules.Create(spec.Training.Schedule);
        _betaSchedule = BetaSchedules.Create(spec.Objective.Schedule);
        StepsPerEpoch = stepsPerEpoch;
        Generation = generation;
        State = state;
    }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the whole run.</summary>
    public int TotalSteps => StepsPerEpoch * _spec.Training.Epochs;

    /// <summary>This incarnation.</summary>
    public int Generation { get; }

    /// <summary>Where the run stands.</summary>
    public TrainingState State { get; private set; }

    /// <summary>Whether every step is done.</summary>
    public bool IsDone => State.Step >= TotalSteps;

    /// <summary>Whether the last step done was the last of its epoch.</summary>
    public bool IsAtEndOfEpoch => State.Step > 0 && State.Step % StepsPerEpoch == 0;

    /// <summary>Does the next step.</summary>
    /// <param name="cancellation">Checked before the step begins; a step that has begun is finished.</param>
    /// <returns>What to log of it.</returns>
    /// <exception cref="NonFiniteStepException">Loss or gradient is not finite and the policy does not skip.</exception>
    public async ValueTask<StepRecord> StepAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long started = _time.GetTimestamp();
        StepPlan plan = Plan(State.Step + 1);
        using Activity? trace = StepTraces.Step(plan.Step, plan.Generation);
        StepGradient gradient = await _cluster.ComputeAsync(plan, cancellation).ConfigureAwait(false);
        if (!gradient.IsFinite && _spec.Training.NonFinite != NonFinitePolicy.Skip)
            await FailAsync(plan, cancellation).ConfigureAwait(false);

        UpdateDecision decision = Decide(plan, gradient);
        await _cluster.ApplyAsync(decision, Next(plan), CancellationToken.None).ConfigureAwait(false);
        StepRecord record = Account(plan, gradient, decision, _time.GetElapsedTime(started));
        TrainingInstruments.Step(record, _spec.Training.Batch);
        return record;
    }

    /// <summary>Notes the score of the weights as they are.</summary>
    /// <param name="score">An ELBO; higher is better.</param>
    /// <returns>Whether it is the best so far.</returns>
    public bool Judge(double score)
    {
        bool best = State.BestScore is not { } previous || score > previous;
        State = State with { Score = score, BestScore = best ? score : State.BestScore };
        return best;
    }

    /// <summary>The plan of a step: a pure function of the run.</summary>
    /// <param name="step">Number of the step, from 1.</param>
    public StepPlan Plan(int step)
    {
        int index = step - 1;
        double beta = _objective.Beta * _betaSchedule.At(index, TotalSteps);
        float capacity = (float)(_objective.CapacityAt(index, TotalSteps) ?? 0);
        return new StepPlan(Generation, step, (index / StepsPerEpoch) + 1, index % StepsPerEpoch, (float)beta, capacity);
    }

    // What comes at the end of an epoch takes its time.
    private StepPlan? Next(in StepPlan plan) => plan.StepInEpoch == StepsPerEpoch - 1 ? null : Plan(plan.Step + 1);

    private UpdateDecision Decide(in StepPlan plan, in StepGradient gradient)
    {
        double rate = _spec.Training.LearningRate * _learningRate.At(plan.Step - 1, TotalSteps) * State.StepSizeFactor;
        double scale = 1.0 / _spec.Training.Batch;
        if (_spec.Training.ClipNorm is { } limit) scale *= GlobalNorm.ClipFactor(MeanNorm(gradient), limit);
        return new UpdateDecision(
            Generation, plan.Step, gradient.IsFinite, new UpdateStep((float)scale, (float)rate, State.Updates + 1), StepTraces.Context);
    }

    private double MeanNorm(in StepGradient gradient) => Math.Sqrt(gradient.SumOfSquares) / _spec.Training.Batch;

    private StepRecord Account(in StepPlan plan, in StepGradient gradient, in UpdateDecision decision, TimeSpan elapsed)
    {
        double batch = _spec.Training.Batch;
        var means = new LossTerms(gradient.Terms.Loss / batch, gradient.Terms.Reconstruction / batch, gradient.Terms.Kl / batch);

        // A skipped step has no numbers that a mean could contain.
        LossTerms sum = decision.Apply ? State.EpochTerms + means : State.EpochTerms;
        int steps = State.EpochSteps + (decision.Apply ? 1 : 0);
        bool ends = plan.StepInEpoch == StepsPerEpoch - 1;
        State = State with
        {
            Step = plan.Step,
            Updates = State.Updates + (decision.Apply ? 1 : 0),
            Skipped = State.Skipped + (decision.Apply ? 0 : 1),
            LeastLoss = Least(State.LeastLoss, plan.Step == 1 ? means.Loss : ends && steps > 0 ? sum.Loss / steps : double.NaN),
            EpochTerms = ends ? default : sum,
            EpochSteps = ends ? 0 : steps,
            LastEpochTerms = ends ? sum : State.LastEpochTerms,
            LastEpochSteps = ends ? steps : State.LastEpochSteps,
            Score = null,
            StepSeconds = State.StepSeconds + elapsed.TotalSeconds,
        };
        return new StepRecord
        {
            Step = plan.Step,
            Epoch = plan.Epoch,
            Loss = means.Loss,
            Reconstruction = means.Reconstruction,
            Kl = means.Kl,
            Beta = plan.Beta,
            Capacity = _objective.CapacityAt(plan.Step - 1, TotalSteps),
            LearningRate = decision.Update.LearningRate,
            GradientNorm = MeanNorm(gradient),
            SamplesPerSecond = elapsed > TimeSpan.Zero ? batch / elapsed.TotalSeconds : 0,
            Skipped = !decision.Apply,
        };
    }

    private static double? Least(double? before, double loss) =>
        double.IsFinite(loss) && (before is not { } least || loss < least) ? loss : before;

    private async ValueTask FailAsync(StepPlan plan, CancellationToken cancellation)
    {
        IReadOnlyList<NonFiniteShard> shards = await _cluster.FindNonFiniteAsync(plan, cancellation).ConfigureAwait(false);
        throw new NonFiniteStepException(
            plan.Step, shards, "lower training.learningRate, set training.clipNorm, or choose training.nonFinite: skip or halve");
    }
}
