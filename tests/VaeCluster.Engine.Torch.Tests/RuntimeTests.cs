using System.Diagnostics;
using System.Runtime.InteropServices;
using VaeCluster.Models.Engines;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>A machine that lacks something gets one line, in a process that lives.</summary>
public sealed class RuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresFact(Requirement.Libstdcxx)]
    public void Here_nothing_is_missing()
    {
        Assert.Null(TorchRuntime.Check());
        Assert.Equal("good", Check(_ => false));
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void The_arithmetic_says_what_decides_the_bits()
    {
        string arithmetic = Engines.Shared.Arithmetic;
        Assert.StartsWith($"torch v1, TorchSharp {TorchRuntime.TorchSharpVersion}, libtorch {TorchRuntime.CompiledFor} ", arithmetic,
            StringComparison.Ordinal);
        Assert.EndsWith(", 1 intra-op threads", arithmetic, StringComparison.Ordinal);
        Assert.Contains(Engines.Device.IsCuda ? ", cuda NVIDIA " : ", cpu, float32, ", arithmetic, StringComparison.Ordinal);
        using IEngine other = Engines.CreateOther(1), narrow = Engines.Create(TorchPrecision.BFloat16);
        Assert.Equal(arithmetic, other.Arithmetic);
        Assert.NotEqual(arithmetic, narrow.Arithmetic);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void The_libtorch_that_TorchSharp_was_compiled_for_is_the_one_it_states()
    {
        Assert.Null(TorchRuntime.Check());
        Assert.Equal(TorchRuntime.CompiledFor, Version.Parse(TorchSharp.torch.__version__).ToString(3));
    }

    [Fact]
    public void A_missing_native_library_is_one_line_with_the_remedy()
    {
        string line = Check(file => file.Contains("LibTorchSharp", StringComparison.Ordinal));
        Assert.Contains("is missing", line, StringComparison.Ordinal);
        Assert.Contains("-p:Libtorch=", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_native_library_that_cannot_be_loaded_is_one_line_with_the_remedy()
    {
        string line = Check(_ => false, file =>
        {
            if (file.Contains("LibTorchSharp", StringComparison.Ordinal)) File.WriteAllText(file, "no library");
        });
        Assert.Contains(OperatingSystem.IsLinux()
            ? "is no library that this system can load"
            : "cannot be loaded", line, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown error", line, StringComparison.Ordinal);
        Assert.Contains("-p:Libtorch=", line, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Procfs, Requirement.Libstdcxx)]
    public void A_native_library_of_another_version_is_one_line_with_the_remedy()
    {
        // Any library that loads, and has none of the entry points.
        string other = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        string line = Check(_ => false, file =>
        {
            if (file.Contains("LibTorchSharp", StringComparison.Ordinal)) File.Copy(other, file, overwrite: true);
        });
        Assert.Contains($"is not the one that TorchSharp {TorchRuntime.TorchSharpVersion} was compiled for ({TorchRuntime.CompiledFor})",
            line, StringComparison.Ordinal);
        Assert.Contains("-p:Libtorch=", line, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void A_build_without_libtorch_says_so()
    {
        // Its own library stays: that is what a build with -p:Libtorch=none looks like.
        string line = Check(file => Path.GetFileName(file) is var name
            && (name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal)
                || name.StartsWith("torch_", StringComparison.Ordinal)));
        Assert.Contains("is missing, this build has no libtorch: build with -p:Libtorch=cpu", line, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Procfs)]
    public void A_native_library_for_other_processors_is_one_line_that_names_both()
    {
        string line = Check(_ => false, file =>
        {
            if (!file.Contains("libLibTorchSharp", StringComparison.Ordinal)) return;
            byte[] library = File.ReadAllBytes(file);
            library[18] = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (byte)62 : (byte)183;
            File.WriteAllBytes(file, library);
        });
        Assert.Matches("^libLibTorchSharp.so is made for (arm64|x64), and this process runs on (x64|arm64): ", line);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void A_GPU_that_is_not_there_is_one_line_with_the_remedy()
    {
        // A number that no machine has; where there is no GPU at all the line says that instead.
        string line = Check(_ => false, device: "cuda:1000");
        Assert.StartsWith("cuda:1000: ", line, StringComparison.Ordinal);
        Assert.Contains("CUDA", line, StringComparison.OrdinalIgnoreCase);
    }

    // A copy of this folder, some of it left out, in a process of its own.
    private string Check(Func<string, bool> hides, Action<string>? change = null, string? device = null)
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(file => !hides(file)))
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (IsLarge(file)) File.CreateSymbolicLink(copy, file);
            else File.Copy(file, copy, overwrite: true);
            change?.Invoke(copy);
        }

        string host = Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        string assembly = Path.Combine(_folder, Path.GetFileName(typeof(RuntimeTests).Assembly.Location));
        var start = new ProcessStartInfo(host, device is null ? ["exec", assembly] : ["exec", assembly, device])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{text}{errors.GetAwaiter().GetResult()}");
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return text.Trim();
    }

    // libtorch's own libraries, half a gigabyte that no test changes; on Windows links need a right that users lack.
    private static bool IsLarge(string file) =>
        !OperatingSystem.IsWindows() && Path.GetFileName(file) is var name && name.StartsWith("libtorch", StringComparison.Ordinal);
}
