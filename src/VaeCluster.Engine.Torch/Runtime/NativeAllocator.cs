using System.Runtime.InteropServices;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>Settings of the C library that libtorch lives in.</summary>
internal static partial class NativeAllocator
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    /// <summary>
    /// Keeps freed memory in the process: with glibc's defaults the temporaries of a step are given back to the system and faulted in again
    /// at every step. Elsewhere than on Linux with glibc it does nothing.
    /// </summary>
    internal static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // 32 MiB is the most that glibc takes for mapped blocks.
            _ = SetOption(MapThreshold, 32 << 20);
            _ = SetOption(TrimThreshold, 1 << 30);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: it has no such thresholds.
        }
    }

    /// <summary>
    /// Sets a variable where native code reads it; the runtime's own setter changes a copy only. A value that is there stays.
    /// </summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value.</param>
    internal static void SetVariable(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null) return;
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows()) _ = SetNativeVariable(name, value, 0);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
