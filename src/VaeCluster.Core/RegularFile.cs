using System.Runtime.InteropServices;

namespace VaeCluster.Core;

/// <summary>
/// Keeps reading to regular files: opening a named pipe waits for a writer for good, and a device has no end. Links are followed.
/// </summary>
public static class RegularFile
{
    private const int CurrentFolder = -100, TypeOnly = 1, ModeOffset = 28, AnswerBytes = 256;
    private const int TypeMask = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000, BlockDevice = 0x6000, Socket = 0xC000;

    /// <summary>Refuses what is there but no regular file; a folder or nothing at all is left to the caller.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It is a pipe, a device or a socket.</exception>
    public static void Demand(string path)
    {
        if (WhyNot(path) is { } kind) throw new BadInputException(path, null, null, $"is {kind}; only regular files are read");
    }

    /// <summary>What a path leads to in place of a regular file, such as <c>a named pipe</c>; null: a file, a folder or nothing.</summary>
    /// <param name="path">The path.</param>
    public static string? WhyNot(string path) => OperatingSystem.IsLinux() ? KindOf(path) : null;

    // statx has the same layout on every processor, unlike stat.
    private static string? KindOf(string path)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        try
        {
            if (StatX(CurrentFolder, path, 0, TypeOnly, ref MemoryMarshal.GetReference(answer)) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library without statx
        }

        return (MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & TypeMask) switch
        {
            Pipe => "a named pipe",
            CharacterDevice or BlockDevice => "a device",
            Socket => "a socket",
            _ => null,
        };
    }

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte answer);
}
