using System.Runtime.InteropServices;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>
/// Loads a library with all its symbols at once (Linux). The runtime binds each symbol at its first call, and one that is missing then
/// ends the process without an exception.
/// </summary>
internal static partial class DynamicLinker
{
    private const int BindNow = 2;

    /// <summary>Loads a library.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>What is wrong with it, in the linker's words; null: it is loaded for good.</returns>
    internal static string? Load(string path)
    {
        // Binding the call that asks for the error would clear it, so it is bound before there is one.
        _ = LastError();
        return Open(path, BindNow) != 0 ? null : Marshal.PtrToStringUTF8(LastError()) ?? "unknown error";
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
