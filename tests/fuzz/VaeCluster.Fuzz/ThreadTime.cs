using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VaeCluster.Fuzz;

/// <summary>The time that this thread has computed, so that a busy machine makes no parser slow.</summary>
internal static class ThreadTime
{
    private const int ThreadClock = 3;

    /// <summary>The time since the thread began; elsewhere than on Linux, that of a clock.</summary>
    internal static TimeSpan Now => OperatingSystem.IsLinux() && ClockGetTime(ThreadClock, out TimeSpec time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
