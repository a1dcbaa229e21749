using VaeCluster.Core;

namespace VaeCluster.Training.Files;

/// <summary>A file that one process of this machine holds; the system lets go of it when the process ends, however it ends.</summary>
public static class ExclusiveFile
{
    private const int WouldBlockOnLinux = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    /// <summary>Takes a file; it is made where it does not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The folder that it stands for, for errors.</param>
    /// <param name="whenHeld">What to say where another process has it.</param>
    /// <exception cref="BadInputException">Another process has it, or the folder cannot be written to.</exception>
    public static FileStream Take(string path, string folder, string whenHeld)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder, and a file is kept here; move it away");
        RegularFile.Demand(path);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            throw new BadInputException(folder, null, null, whenHeld, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException && Directory.Exists(folder))
        {
            throw new BadInputException(folder, null, null, $"cannot be written to ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    /// <summary>Whether another process holds a file, as the error of opening it says.</summary>
    /// <param name="fault">The error.</param>
    internal static bool IsHeld(IOException fault) => fault.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolation;
}
