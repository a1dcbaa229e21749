using VaeCluster.Models.Engines;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Engines that the tests share.</summary>
internal static class Engines
{
    /// <summary>float32 on the CPU.</summary>
    internal static IEngine Cpu { get; } = TorchEngine.Create("cpu:0");
}
