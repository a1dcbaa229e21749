using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>Recognises that a disk or a quota is full.</summary>
public static class FullDisk
{
    /// <summary>Whether a file could not be written because the disk or the owner's quota is full.</summary>
    /// <param name="fault">The fault of a write.</param>
    public static bool Is(IOException fault)
    {
        // The runtime passes the system's own number on: errno here, the low half of the result on Windows.
        const int NoSpace = 28, Quota = 122, WindowsDiskFull = 0x70, WindowsHandleDiskFull = 0x27;
        return OperatingSystem.IsWindows()
            ? (fault.HResult & 0xFFFF) is WindowsDiskFull or WindowsHandleDiskFull
            : fault.HResult is NoSpace or Quota;
    }

    /// <summary>The refusal of a request that needs space.</summary>
    /// <param name="folder">The folder that cannot be written to.</param>
    /// <param name="fault">The fault of the write.</param>
    public static RunRefusedException Refusal(string folder, IOException fault) =>
        new(RunRefusal.NoSpace, new BadInputException("server", null, null, $"the disk of {folder} is full; free some space", fault));
}
