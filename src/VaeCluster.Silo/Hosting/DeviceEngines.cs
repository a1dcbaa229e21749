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
    /// <summary>The devices with their engines. All CPU devices share one managed engine, so they need only one copy of a run's
    /// weights.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <exception cref="BadInputException">TorchSharp, its libtorch or a device is missing.</exception>
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
