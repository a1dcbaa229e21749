using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>
/// The libtorch that is really loaded. TorchSharp states the version that it was compiled for, and has neither cuDNN's deterministic
/// switch nor deterministic algorithms: both are asked of libtorch itself, by the names of its C++ functions. A name carries the types
/// of its arguments, so a libtorch in which they differ lacks the name, and what it would have set is then left alone and reported so.
/// </summary>
internal static unsafe partial class LibtorchBuild
{
    private static readonly nint Library = Load();

    /// <summary>
    /// Version and vector width of the kernels in use, for example <c>2.10.0 AVX512</c>; null where libtorch does not say.
    /// </summary>
    internal static string? Describe()
    {
        if (ShowConfig() is not { } text) return null;
        Match version = Version().Match(text), width = Width().Match(text);
        return version.Success ? $"{version.Groups[1].Value}{(width.Success ? " " + width.Groups[1].Value : string.Empty)}" : null;
    }

    /// <summary>Lets libtorch use deterministic kernels only, and refuse an operation that has none.</summary>
    /// <returns>Whether libtorch has these switches.</returns>
    internal static bool UseDeterministicKernels()
    {
        if (Library == 0
            || !NativeLibrary.TryGetExport(Library, "_ZN2at13globalContextEv", out nint context)
            || !NativeLibrary.TryGetExport(Library, "_ZN2at7Context21setDeterministicCuDNNEb", out nint setCudnn)
            || !NativeLibrary.TryGetExport(Library, "_ZN2at7Context17setBenchmarkCuDNNEb", out nint setBenchmark)
            || !NativeLibrary.TryGetExport(Library, "_ZN2at7Context26setDeterministicAlgorithmsEbb", out nint setAlgorithms)) return false;
        nint self = ((delegate* unmanaged<nint>)context)();
        ((delegate* unmanaged<nint, byte, void>)setCudnn)(self, 1);
        ((delegate* unmanaged<nint, byte, void>)setBenchmark)(self, 0);
        ((delegate* unmanaged<nint, byte, byte, void>)setAlgorithms)(self, 1, 0);

        // Newer versions would also fill every new tensor with NaN, which costs a pass over memory and decides no bit of ours.
        if (NativeLibrary.TryGetExport(Library, "_ZN2at7Context37setDeterministicFillUninitializedMemoryEb", out nint setFill))
            ((delegate* unmanaged<nint, byte, void>)setFill)(self, 0);
        return true;
    }

    private static string? ShowConfig()
    {
        // A C++ string comes back through memory that the caller owns: address, length, and 16 bytes for short ones. This one is long, and
        // what it holds is asked for once in a process and never freed.
        if (Library == 0 || !NativeLibrary.TryGetExport(Library, "_ZN2at11show_configB5cxx11Ev", out nint function)) return null;
        CxxString text = ((delegate* unmanaged<CxxString>)function)();
        return text.Length is > 15 and < 65_536 ? Encoding.UTF8.GetString((byte*)text.Data, (int)text.Length) : null;
    }

    private static nint Load()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        string? shim = LibtorchFiles.Find("libtorch_cpu.so");
        if (shim is not null && NativeLibrary.TryLoad(shim, out nint library)) return library;

        // It stands elsewhere and is loaded already: the process knows it by the name that it was linked with.
        return LoadedFile() is { } file && NativeLibrary.TryLoad(file, out library) ? library : 0;
    }

    private static string? LoadedFile()
    {
        try
        {
            return File.ReadLines("/proc/self/maps").Select(line => line[Math.Max(0, line.IndexOf('/', StringComparison.Ordinal))..])
                .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libtorch_cpu", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"TORCH_VERSION=([0-9.]+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"CPU capability usage: (\w+)")]
    private static partial Regex Width();

    [StructLayout(LayoutKind.Sequential)]
    private struct CxxString
    {
        public nint Data;
        public nuint Length;
        public ulong Short0;
        public ulong Short1;
    }
}
