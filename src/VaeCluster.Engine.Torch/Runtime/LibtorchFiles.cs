using System.Runtime.InteropServices;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>Where TorchSharp's native libraries lie.</summary>
internal static class LibtorchFiles
{
    /// <summary>Name of TorchSharp's own native library.</summary>
    internal static string Shim =>
        OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";

    /// <summary>Name of libtorch's own library for processors.</summary>
    internal static string Torch =>
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>The file of a library among the folders that the runtime searches; null where none has it.</summary>
    /// <param name="name">File name.</param>
    internal static string? Find(string name) => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders()
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty;
        foreach (string folder in searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) yield return folder;
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
    }
}
