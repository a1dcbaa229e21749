using VaeCluster.Core;
using VaeCluster.Distributed.Workers;
using VaeCluster.Engine.Managed;
using VaeCluster.Engine.Torch;
using VaeCluster.Models.Engines;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>Chooses the engine of each device.</summary>
internal static class DeviceEngines
{
    /// <summary>The devices with their engines. On the processor our own engine is shared: one copy of a run's weights serves all of
    /// them.</summary>
    /// <param name="settings">What the silo is.</param>
    /// <exception cref="BadInputException">TorchSharp, its libtorch or the device is not there.</exception>
    internal static Device[] Create(SiloSettings settings)
    {
        var managed = new Lazy<IEngine>(() => new ManagedEngine());
        return [.. settings.Devices.Select(device => new Device(device, EngineOf(device, settings, managed)))];
    }

    private static IEngine EngineOf(string device, SiloSettings settings, Lazy<IEngine> managed)
    {
        bool isTorch = settings.ComputesWithTorch || device.StartsWith("cuda", StringComparison.Ordinal);
        if (!isTorch) return managed.Value;
        var place = TorchDevice.Parse(device);
        if (TorchRuntime.Check(place) is { } fault)
            throw place.IsCuda
                ? new BadInputException("--devices", null, device, fault)
                : new BadInputException("--engine", null, "torch", fault);
        return TorchEngine.Create(device, settings.Precision, settings.IntraOpThreads);
    }
}
