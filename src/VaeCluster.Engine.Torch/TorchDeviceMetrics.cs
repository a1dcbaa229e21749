namespace VaeCluster.Engine.Torch;

/// <summary>
/// What a device has spent since its engine was made, and what it holds now. TorchSharp 0.107.0 has no events on a GPU's queue, so on
/// CUDA the time of computing is the host's: giving out the work and waiting for it, queued copies of inputs and gradients included.
/// </summary>
/// <param name="Device">Its name, for example <c>cuda:0</c>.</param>
/// <param name="ComputeSeconds">Seconds in operations, over all threads.</param>
/// <param name="CopySeconds">Seconds in copies of weights and gradients, over all threads.</param>
/// <param name="LiveTensors">Tensors of the whole process that managed code holds; constant from step to step.</param>
/// <param name="MemoryUsedBytes">Device memory in use by all processes; null: not a GPU, or no NVML.</param>
/// <param name="MemoryTotalBytes">Device memory; null as above.</param>
/// <param name="Utilization">Share of the last second or so in which the GPU computed, from 0 to 1; null as above.</param>
public sealed record TorchDeviceMetrics(
    string Device, double ComputeSeconds, double CopySeconds, long LiveTensors,
    long? MemoryUsedBytes, long? MemoryTotalBytes, double? Utilization);
