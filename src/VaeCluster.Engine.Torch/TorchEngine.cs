using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Torch.Runtime;
using VaeCluster.Models.Engines;

namespace VaeCluster.Engine.Torch;

/// <summary>
/// Runs graphs with TorchSharp on one device, differentiated by autograd.
/// <para>
/// What its bits depend on: the CPU's kernels give the same bits for a shard at every run and with any number of workers, given the
/// same libtorch, vector width and intra-op threads (all in <see cref="Arithmetic"/>). On CUDA libtorch is held to deterministic
/// kernels, where it has the switches (then <see cref="Arithmetic"/> says so), and cuBLAS to a fixed workspace: on one kind of GPU, one
/// driver and one libtorch the same run gives the same bits. Another GPU, driver or cuDNN may choose other kernels: NVIDIA promises
/// nothing across them.
/// </para>
/// </summary>
public sealed class TorchEngine : IEngine
{
    private TorchEngine(TorchDevice device, TorchPrecision precision, int intraOpThreads)
    {
        Device = device;
        Precision = precision;
        TorchDevice = device.ToTorch();
        string place = device.IsCuda ? $"cuda {NvidiaManagement.Name(device.Index) ?? "GPU of unknown name"}" : "cpu";
        string kernels = TorchRuntime.IsDeterministic ? "deterministic" : "not held to deterministic kernels";
        string libraries = $"TorchSharp {TorchRuntime.TorchSharpVersion}, libtorch {TorchRuntime.DescribeLibtorch()}";
        Arithmetic = string.Create(
            CultureInfo.InvariantCulture,
            $"torch v1, {libraries}, {place}, {Describe(precision)}, {kernels}, {intraOpThreads} intra-op threads");
    }

    /// <inheritdoc/>
    public string Name => "torch";

    /// <inheritdoc/>
    public string Arithmetic { get; }

    /// <summary>Where it computes.</summary>
    public TorchDevice Device { get; }

    /// <summary>Arithmetic of its layers.</summary>
    public TorchPrecision Precision { get; }

    /// <summary>Whether convolutions are given channels side by side: it is what tensor cores want, and slower everywhere else.</summary>
    public bool ChannelsLast { get; private init; }

    /// <summary>The device in libtorch's words.</summary>
    internal torch.Device TorchDevice { get; }

    /// <summary>Adds up what its programs spend.</summary>
    internal DeviceClock Clock { get; } = new();

    /// <summary>An engine on a device.</summary>
    /// <param name="device">Its name, see <see cref="Torch.TorchDevice.Parse"/>.</param>
    /// <param name="precision">Arithmetic of its layers.</param>
    /// <param name="intraOpThreads">
    /// Threads inside an operation on the CPU; shards run side by side, one thread each, so 1 is the rule.
    /// </param>
    /// <exception cref="Core.BadInputException">There is no such device, or libtorch cannot be used: one line with the remedy.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another engine of the process fixed other settings, see <see cref="TorchRuntime"/>.
    /// </exception>
    public static TorchEngine Create(string device, TorchPrecision precision = TorchPrecision.Float32, int intraOpThreads = 1) =>
        Create(Torch.TorchDevice.Parse(device), precision, intraOpThreads, channelsLast: null);

    /// <summary>An engine on a device, with the layout of convolutions chosen.</summary>
    /// <param name="device">The device.</param>
    /// <param name="precision">Arithmetic of its layers.</param>
    /// <param name="intraOpThreads">Threads inside an operation on the CPU.</param>
    /// <param name="channelsLast">See <see cref="ChannelsLast"/>; null: where it pays.</param>
    internal static TorchEngine Create(TorchDevice device, TorchPrecision precision, int intraOpThreads, bool? channelsLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intraOpThreads, 1);
        if (TorchRuntime.Check(device) is { } fault) throw new Core.BadInputException("device", null, device.ToString(), fault);
        if (precision == TorchPrecision.Tf32 && !device.IsCuda)
            throw new Core.BadInputException("device", "precision", "tf32", "a CPU has no TF32; allowed on it: float32, bfloat16");
        TorchRuntime.Configure(device, precision, intraOpThreads);
        bool usual = device.IsCuda && precision != TorchPrecision.Float32;
        var engine = new TorchEngine(device, precision, intraOpThreads) { ChannelsLast = channelsLast ?? usual };
        TorchInstruments.Add(engine);
        return engine;
    }

    /// <summary>What the device has spent and holds, now.</summary>
    public TorchDeviceMetrics Measure()
    {
        NvidiaReading? reading = Device.IsCuda ? NvidiaManagement.Read(Device.Index) : null;
        return new TorchDeviceMetrics(
            Device.ToString(), Seconds(Clock.Compute), Seconds(Clock.Copy), torch.Tensor.TotalCount,
            reading?.MemoryUsed, reading?.MemoryTotal, reading?.Utilization);
    }

    /// <inheritdoc/>
    public IEngineWeights CreateWeights(ParameterLayout layout) => new TorchWeights(this, layout);

    /// <inheritdoc/>
    public void Dispose() => TorchInstruments.Remove(this);

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private static string Describe(TorchPrecision precision) => precision switch
    {
        TorchPrecision.Tf32 => "tf32",
        TorchPrecision.BFloat16 => "bfloat16 layers with float32 weights",
        _ => "float32",
    };
}
