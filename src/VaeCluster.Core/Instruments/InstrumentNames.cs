namespace VaeCluster.Core.Instruments;

/// <summary>
/// The names of everything that is measured, once: dotted lower case after OpenTelemetry's rules, the unit never in the name (exporters add it).
/// No instrument has a run or a trial in its labels: their number is not bounded. What a single run does is in its metrics.jsonl.
/// </summary>
public static class InstrumentNames
{
    /// <summary>Name of the meter that all instruments belong to.</summary>
    public const string Meter = "VaeCluster";

    /// <summary>Name of the activity source: traces of steps across workers and parameter servers.</summary>
    public const string Traces = "VaeCluster";

    /// <summary>Gauge, nat: the plain bound of the last step of any run of this process, mean over the batch.</summary>
    public const string Elbo = "vaecluster.train.elbo";

    /// <summary>Gauge, nat: −log p(x|z) of the last step.</summary>
    public const string Reconstruction = "vaecluster.train.reconstruction";

    /// <summary>Gauge, nat: KL to the prior of the last step.</summary>
    public const string Kl = "vaecluster.train.kl";

    /// <summary>Gauge, {dimension}: active latent dimensions in the last evaluation.</summary>
    public const string ActiveDimensions = "vaecluster.train.kl.active_dimensions";

    /// <summary>Gauge, 1: global norm of the mean gradient of the last step, before clipping.</summary>
    public const string GradientNorm = "vaecluster.train.gradient.norm";

    /// <summary>Counter, {sample}: examples that steps have seen.</summary>
    public const string Samples = "vaecluster.train.samples";

    /// <summary>
    /// Histogram, s, label <see cref="PhaseLabel"/>. Of each node at its worker: <c>data</c> (examples and noise), <c>compute</c> (forward and
    /// backward), <c>push</c> (handing the gradient over). Of each step at a range: <c>reduce</c> (tree and update), and <c>pull</c> (the new
    /// weights to where they are computed with).
    /// </summary>
    public const string StepDuration = "vaecluster.step.duration";

    /// <summary>Histogram, {step}: how many steps behind its range a gradient was when it came; 0 for all that count.</summary>
    public const string GradientStaleness = "vaecluster.gradient.staleness";

    /// <summary>Counter, {gradient}, label <see cref="ReasonLabel"/>: gradients that do not count.</summary>
    public const string GradientDropped = "vaecluster.gradient.dropped";

    /// <summary>Histogram, s: from the copy of the weights to the checkpoint's name on disk.</summary>
    public const string CheckpointDuration = "vaecluster.checkpoint.duration";

    /// <summary>Histogram, By: all files of a checkpoint.</summary>
    public const string CheckpointSize = "vaecluster.checkpoint.size";

    /// <summary>Gauge, s: since the last checkpoint (else the beginning) of the run in progress for which that is longest ago.</summary>
    public const string CheckpointAge = "vaecluster.checkpoint.age";

    /// <summary>Histogram, s: from giving out a lost worker's shards again to the step being whole.</summary>
    public const string RecoveryDuration = "vaecluster.worker.recovery.duration";

    /// <summary>Up-down counter, {trial}, label <see cref="StateLabel"/>: trials of the sweeps of this process.</summary>
    public const string SweepTrials = "vaecluster.sweep.trials";

    /// <summary>Gauge, 1, label <see cref="HardwareLabel"/>: share of the time that a GPU computes.</summary>
    public const string GpuUtilization = "hw.gpu.utilization";

    /// <summary>Gauge, By, label <see cref="HardwareLabel"/>: memory of a GPU in use.</summary>
    public const string GpuMemoryUsage = "hw.gpu.memory.usage";

    /// <summary>Gauge, By, label <see cref="HardwareLabel"/>: memory of a GPU.</summary>
    public const string GpuMemoryLimit = "hw.gpu.memory.limit";

    /// <summary>A phase of a step: data, compute, push, reduce, pull.</summary>
    public const string PhaseLabel = "phase";

    /// <summary>Why a gradient does not count: stale, fenced, duplicate, nonfinite.</summary>
    public const string ReasonLabel = "reason";

    /// <summary>Where a trial stands: running, finished, stopped (early, by the sweep's rule), failed.</summary>
    public const string StateLabel = "state";

    /// <summary>A device.</summary>
    public const string HardwareLabel = "hw.id";
}
