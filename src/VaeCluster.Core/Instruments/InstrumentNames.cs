namespace VaeCluster.Core.Instruments;

/// <summary>
/// The names of all metrics, in OpenTelemetry's style: dotted lower case, without the unit (exporters add it).
/// No metric has a label for the run or trial, since their number is unbounded; metrics of a single run are in its metrics.jsonl.
/// </summary>
public static class InstrumentNames
{
    /// <summary>Name of the meter that all instruments belong to.</summary>
    public const string Meter = "VaeCluster";

    /// <summary>Name of the activity source: traces of steps across workers and parameter servers.</summary>
    public const string Traces = "VaeCluster";

    /// <summary>Gauge, nat: the ELBO (β = 1) of the last step of any run in this process, mean over the batch.</summary>
    public const string Elbo = "vaecluster.train.elbo";

    /// <summary>Gauge, nat: −log p(x|z) of the last step.</summary>
    public const string Reconstruction = "vaecluster.train.reconstruction";

    /// <summary>Gauge, nat: KL divergence from the prior in the last step.</summary>
    public const string Kl = "vaecluster.train.kl";

    /// <summary>Gauge, {dimension}: active latent dimensions in the last evaluation.</summary>
    public const string ActiveDimensions = "vaecluster.train.kl.active_dimensions";

    /// <summary>Gauge, 1: global norm of the mean gradient of the last step, before clipping.</summary>
    public const string GradientNorm = "vaecluster.train.gradient.norm";

    /// <summary>Counter, {sample}: examples processed by training steps.</summary>
    public const string Samples = "vaecluster.train.samples";

    /// <summary>
    /// Histogram, s, label <see cref="PhaseLabel"/>. Per tree node, on the worker: <c>data</c> (examples and noise), <c>compute</c>
    /// (forward and backward pass), <c>push</c> (sending the gradient). Per step, on a parameter range: <c>reduce</c> (sum and update) and
    /// <c>pull</c>
    /// (sending the new weights to the workers).
    /// </summary>
    public const string StepDuration = "vaecluster.step.duration";

    /// <summary>
    /// Histogram, {step}: how many steps a gradient lagged behind its range on arrival; 0 for every gradient that counts.
    /// </summary>
    public const string GradientStaleness = "vaecluster.gradient.staleness";

    /// <summary>Counter, {gradient}, label <see cref="ReasonLabel"/>: gradients that were dropped.</summary>
    public const string GradientDropped = "vaecluster.gradient.dropped";

    /// <summary>Histogram, s: from copying the weights to the final rename of the checkpoint on disk.</summary>
    public const string CheckpointDuration = "vaecluster.checkpoint.duration";

    /// <summary>Histogram, By: total size of a checkpoint's files.</summary>
    public const string CheckpointSize = "vaecluster.checkpoint.size";

    /// <summary>Gauge, s: time since the last checkpoint (or the start) of a run; the largest over all runs in progress.</summary>
    public const string CheckpointAge = "vaecluster.checkpoint.age";

    /// <summary>Histogram, s: from reassigning a lost worker's shards until the step is complete.</summary>
    public const string RecoveryDuration = "vaecluster.worker.recovery.duration";

    /// <summary>Up-down counter, {trial}, label <see cref="StateLabel"/>: trials of this process's sweeps.</summary>
    public const string SweepTrials = "vaecluster.sweep.trials";

    /// <summary>Gauge, 1, label <see cref="HardwareLabel"/>: fraction of time that a GPU is busy.</summary>
    public const string GpuUtilization = "hw.gpu.utilization";

    /// <summary>Gauge, By, label <see cref="HardwareLabel"/>: GPU memory in use.</summary>
    public const string GpuMemoryUsage = "hw.gpu.memory.usage";

    /// <summary>Gauge, By, label <see cref="HardwareLabel"/>: total GPU memory.</summary>
    public const string GpuMemoryLimit = "hw.gpu.memory.limit";

    /// <summary>A phase of a step: data, compute, push, reduce, pull.</summary>
    public const string PhaseLabel = "phase";

    /// <summary>Why a gradient was dropped: stale, fenced, duplicate, nonfinite.</summary>
    public const string ReasonLabel = "reason";

    /// <summary>The state of a trial: running, finished, stopped (early, by the sweep's rule), failed.</summary>
    public const string StateLabel = "state";

    /// <summary>The device, for example a GPU's UUID.</summary>
    public const string HardwareLabel = "hw.id";
}
