using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>A worker as the coordinator of a run sees it.</summary>
public interface IWorkerLink
{
    /// <summary>Opens the run's data and model, unless that is done already.</summary>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The incarnation that it works for; older ones are refused from now on.</param>
    /// <param name="places">The ranges of this generation.</param>
    /// <returns>What it computes on, and with what.</returns>
    Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, IReadOnlyList<RangePlace> places);

    /// <summary>Begins to compute; returns at once. Gradients go to the ranges as they are finished.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="assignment">What to compute.</param>
    Task AssignAsync(string run, Assignment assignment);

    /// <summary>
    /// What the examples of some nodes give to the exchange, where a term of the objective couples the batch; as soon as the weights of the
    /// step before are there.
    /// </summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="assignment">The step and the nodes of its tree.</param>
    /// <returns>The numbers of the nodes' examples, node after node.</returns>
    Task<float[]> MeasureAsync(string run, Assignment assignment);

    /// <summary>Which shards of a step are not finite. The step is the one after the weights that it has.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(string run, StepPlan plan);

    /// <summary>The phases of the last steps that its silo had a part in.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="steps">How many steps.</param>
    Task<IReadOnlyList<PhaseSpan>> PhasesAsync(string run, int steps);

    /// <summary>The run no longer needs it.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    Task DetachAsync(string run, int generation);
}
