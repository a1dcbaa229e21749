using VaeCluster.Models.Engines;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>The device that the tests run on, and engines on it.</summary>
internal static class Engines
{
    /// <summary>Name of the variable that chooses the device: <c>cpu:0</c> where it is not set.</summary>
    internal const string Variable = "VAECLUSTER_TEST_DEVICE";

    /// <summary>The device.</summary>
    internal static TorchDevice Device { get; } =
        TorchDevice.Parse(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : "cpu:0");

    /// <summary>float32 on the device, shared by the tests.</summary>
    internal static IEngine Shared { get; } = Create();

    /// <summary>An engine of a test's own.</summary>
    /// <param name="precision">Arithmetic of its layers.</param>
    /// <param name="channelsLast">Whether convolutions are given channels side by side; null: where it pays.</param>
    internal static TorchEngine Create(TorchPrecision precision = TorchPrecision.Float32, bool? channelsLast = null) =>
        TorchEngine.Create(Device, precision, 1, channelsLast);

    /// <summary>Brings weights that were written to where programs read them.</summary>
    /// <param name="weights">The weights.</param>
    internal static void Prepare(IEngineWeights weights)
    {
        for (int part = 0; part < weights.Parts; part++) weights.Prepare(part);
    }

    /// <summary>An engine on one of several devices of a silo: the processor has as many as are asked for, a machine may have one
    /// GPU.</summary>
    /// <param name="number">Which.</param>
    internal static TorchEngine CreateOther(int number)
    {
        TorchDevice other = Device with { Index = Device.IsCuda ? number % TorchRuntime.CountGpus() : number };
        return TorchEngine.Create(other, TorchPrecision.Float32, 1, channelsLast: null);
    }
}
