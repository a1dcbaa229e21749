using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Engine.Torch;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>doctor</c>: reports which engines this machine's devices can use.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var reader = new SiloSettingsReader();
        var verb = new Verb("doctor",
            "Check the engines, TorchSharp's libtorch, the driver and the devices that a silo here would compute on.")
        {
            Examples = ["doctor", "doctor --engine torch", "doctor --devices cuda:0,cuda:1"],
        };
        foreach (Option option in reader.DeviceOptions) verb.Options.Add(option);
        verb.SetAction(parsed =>
        {
            bool isFit = Report(parsed.InvocationConfiguration.Output, reader.ReadDevices(parsed), reader.ReadsTorch(parsed));
            return isFit ? ExitCodes.Done : ExitCodes.Failed;
        });
        return verb;
    }

    // What the options name must exist: devices, and TorchSharp for --engine torch or a GPU. Everything else is listed as found.
    private static bool Report(TextWriter output, IReadOnlyList<string>? named, bool namesTorch)
    {
        output.WriteLine("ok    managed      built in; computes on cpu:N and needs nothing else");
        if (TorchRuntime.Check() is { } fault) return ReportWithoutTorch(output, fault, named ?? [], namesTorch);

        output.WriteLine($"ok    libtorch     {TorchRuntime.Describe()}");
        bool fine = true;
        int gpus = TorchRuntime.CountGpus();
        IEnumerable<string> devices = named ?? ["cpu:0", .. Enumerable.Range(0, gpus)
            .Select(gpu => FormattableString.Invariant($"cuda:{gpu}"))];
        foreach (string device in devices) fine &= ReportDevice(output, device);
        if (named is null && gpus == 0) output.WriteLine($"--    GPUs         none: {TorchRuntime.Check(TorchDevice.Parse("cuda:0"))}");
        output.WriteLine(fine ? "All fine." : "Problems found: see above.");
        return fine;
    }

    private static bool ReportWithoutTorch(TextWriter output, string fault, IReadOnlyList<string> named, bool namesTorch)
    {
        bool isWanted = namesTorch || named.Any(device => TorchDevice.Parse(device).IsCuda);
        output.WriteLine($"{(isWanted ? "FAIL" : "--  ")}  libtorch     {fault}");
        if (isWanted)
        {
            output.WriteLine("TorchSharp cannot be used: see above.");
            return false;
        }

        foreach (string device in named) output.WriteLine($"ok    {device,-12} the managed engine");
        output.WriteLine("The managed engine is fine; --engine torch and GPUs need libtorch.");
        return true;
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
