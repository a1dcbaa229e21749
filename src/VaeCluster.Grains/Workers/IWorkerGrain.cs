using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Workers;

/// <summary>A device of a worker silo. The key names the silo's incarnation and the device, see <see cref="Placement.SiloKey"/>.</summary>
[Alias("vaecluster.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IWorkerLink.AttachAsync"/>
    [Alias("Attach")]
    [ResponseTimeout("00:02:00")]
    Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, RangePlace[] places);

    /// <inheritdoc cref="IWorkerLink.AssignAsync"/>
    [Alias("Assign")]
    [ResponseTimeout("00:00:03")]
    Task AssignAsync(string run, Assignment assignment);

    /// <inheritdoc cref="IWorkerLink.MeasureAsync"/>
    [Alias("Measure")]
    [ResponseTimeout("00:02:00")]
    Task<float[]> MeasureAsync(string run, Assignment assignment);

    /// <inheritdoc cref="IWorkerLink.FindNonFiniteAsync"/>
    [Alias("FindNonFinite")]
    [ResponseTimeout("00:02:00")]
    Task<NonFiniteShard[]> FindNonFiniteAsync(string run, StepPlan plan);

    /// <inheritdoc cref="IWorkerLink.PhasesAsync"/>
    /// <returns>The phases as JSON.</returns>
    [Alias("Phases")]
    [ResponseTimeout("00:00:03")]
    Task<string> PhasesAsync(string run, int steps);

    /// <inheritdoc cref="IWorkerLink.DetachAsync"/>
    [Alias("Detach")]
    [ResponseTimeout("00:00:03")]
    Task DetachAsync(string run, int generation);
}
