using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed;

namespace VaeCluster.Cli.Doctor;

/// <summary>Checks what a run needs of this machine.</summary>
internal static class MachineCheck
{
    private const double Gigabyte = 1 << 30;
    private const int NeededRuntime = 10;
    private const double NeededMemory = 1, NeededDisk = 1;

    /// <summary>All checks.</summary>
    /// <param name="folder">Where runs would be written.</param>
    internal static IReadOnlyList<Finding> Run(string folder) =>
        [Runtime(), Sdk(), Processor(), VectorWidth(), Engine(), Memory(), Disk(folder), Writable(folder)];

    private static Finding Runtime() => new(
        "runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}",
        Environment.Version.Major >= NeededRuntime, Environment.Version.Major >= NeededRuntime ? null : "install the .NET 10 SDK");

    private static Finding Sdk()
    {
        const string Remedy = "install the .NET 10 SDK and put 'dotnet' on the PATH; a build from a clone needs it";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--version")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            });
            string version = process!.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            bool fine = int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
                && major >= NeededRuntime;
            return new Finding("SDK", fine ? version : "too old or missing", fine, fine ? null : Remedy);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new Finding("SDK", "not found", false, Remedy);
        }
    }

    private static Finding Processor() => new("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), true);

    private static Finding VectorWidth()
    {
        int bits = Vector512.IsHardwareAccelerated
            ? 512
            : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return new Finding(
            "vectors", bits == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{bits} bits"), true,
            bits >= 256 ? null : "training works and gives the same weights, but a processor with AVX2 or AVX-512 is several times faster");
    }

    private static Finding Engine()
    {
        using var engine = new ManagedEngine();
        return new Finding("engine", engine.Arithmetic, true);
    }

    private static Finding Memory()
    {
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gigabyte;
        bool fine = available >= NeededMemory;
        return new Finding("memory", Describe(available, "for this process"), fine, fine
            ? null
            : $"at least {NeededMemory:0} GB must be available");
    }

    private static Finding Disk(string folder)
    {
        double free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace / Gigabyte;
        bool fine = free >= NeededDisk;
        return new Finding("disk", Describe(free, "free here"), fine, fine
            ? null
            : $"free at least {NeededDisk:0} GB, or use --out with a folder on another disk");
    }

    private static Finding Writable(string folder)
    {
        string probe = Path.Combine(folder, $".vaecluster-{Guid.NewGuid():N}");
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }

            return new Finding("folder", $"{folder} can be written", true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Finding("folder", $"{folder} cannot be written", false, "change to a folder that you can write to, or use --out");
        }
    }

    private static string Describe(double gigabytes, string of) => string.Create(CultureInfo.InvariantCulture, $"{gigabytes:0.0} GB {of}");
}
