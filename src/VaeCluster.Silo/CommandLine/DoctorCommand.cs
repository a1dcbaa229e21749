using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Engine.Torch;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>doctor</c>: can this machine's devices compute with TorchSharp?</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var reader = new SiloSettingsReader();
        var verb = new Verb("doctor", "Check TorchSharp's libtorch, the driver and the devices that a silo here would compute on.")
        {
            Examples = ["doctor", "doctor --devices cuda:0,cuda:1"],
        };
        foreach (Option option in reader.DeviceOptions) verb.Options.Add(option);
        verb.SetAction(parsed => Report(parsed.InvocationConfiguration.Output, reader.ReadDevices(parsed)) ? ExitCodes.Done : ExitCodes.Failed);
        return verb;
    }

    // Devices that somebody has named must be there; else what there is, is told.
    private static bool Report(TextWriter output, IReadOnlyList<string>? wanted)
    {
        output.WriteLine($"ok    managed      the engine of our own computes on cpu:N and needs nothing else");
        if (TorchRuntime.Check() is { } fault)
        {
            output.WriteLine($"FAIL  libtorch     {fault}");
            output.WriteLine("Not fit for TorchSharp: see the remedy above.");
            return false;
        }

        output.WriteLine($"ok    libtorch     {TorchRuntime.Describe()}");
        bool fine = true;
        int gpus = TorchRuntime.CountGpus();
        IEnumerable<string> devices = wanted ?? [$"cpu:0", .. Enumerable.Range(0, gpus).Select(gpu => FormattableString.Invariant($"cuda:{gpu}"))];
        foreach (string device in devices) fine &= ReportDevice(output, device);
        if (wanted is null && gpus == 0) output.WriteLine($"--    GPUs         none: {TorchRuntime.Check(TorchDevice.Parse("cuda:0"))}");
        output.WriteLine(fine ? "All fine." : "Not fit yet: see the remedies above.");
        return fine;
    }

    private static bool ReportDevice(TextWriter output, string device)
    {
        string? fault = TorchRuntime.Check(TorchDevice.Parse(device));
        if (fault is null)
        {
            try
            {
                using TorchEngine engine = TorchEngine.Create(device);
                output.WriteLine($"ok    {device,-12} {engine.Arithmetic}");
                return true;
            }
            catch (BadInputException refused)
            {
                fault = refused.Message;
            }
        }

        output.WriteLine($"FAIL  {device,-12} {fault}");
        return false;
    }
}
