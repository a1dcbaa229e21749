using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Exchange;

/// <summary>
/// Linux's memory without a name (<c>memfd_create</c>), of a size that nobody can change, this process included: a process that reads
/// memory which was cut off behind its back is killed. It ends with the processes that have it open, however they end.
/// </summary>
internal static class SealedMemory
{
    // From the kernel's headers.
    private const uint CloseOnExec = 1, AllowSealing = 2;
    private const int AddSeals = 1033, SealOfSeals = 1, SealOfShrinking = 2, SealOfGrowing = 4;

    /// <summary>Makes memory.</summary>
    /// <param name="name">A name for people who look at the process.</param>
    /// <param name="bytes">Its size; the room is set aside now.</param>
    /// <exception cref="IOException">There is none: no room, or the kernel does not have it.</exception>
    internal static SafeFileHandle Create(string name, long bytes)
    {
        try
        {
            int descriptor = MemoryFile(name, CloseOnExec | AllowSealing);
            if (descriptor < 0) throw Fault();
            var memory = new SafeFileHandle(descriptor, ownsHandle: true);
            try
            {
                int error = Allocate(descriptor, 0, bytes);
                if (error != 0) throw new IOException(new Win32Exception(error).Message);
                if (Control(descriptor, AddSeals, SealOfSeals | SealOfShrinking | SealOfGrowing) != 0) throw Fault();
                return memory;
            }
            catch
            {
                memory.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is EntryPointNotFoundException or DllNotFoundException)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    /// <summary>Where another process of this user finds it.</summary>
    /// <param name="process">The process that made it.</param>
    /// <param name="descriptor">Its number there.</param>
    internal static string PathOf(int process, int descriptor) => FormattableString.Invariant($"/proc/{process}/fd/{descriptor}");

    /// <summary>What the link at <see cref="PathOf"/> says, for memory of a name.</summary>
    /// <param name="name">The name.</param>
    internal static string TargetOf(string name) => $"/memfd:{name} (deleted)";

    private static IOException Fault() => new(new Win32Exception(Marshal.GetLastPInvokeError()).Message);

    [DllImport("libc", EntryPoint = "memfd_create", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true,
        SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemoryFile(string name, uint flags);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "posix_fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Allocate(int descriptor, long offset, long bytes);
}
