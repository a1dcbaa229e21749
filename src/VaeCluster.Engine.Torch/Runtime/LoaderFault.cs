using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>What the system's loader of libraries says, in one line that names the library, what is found, what is needed and what
/// helps.</summary>
internal static partial class LoaderFault
{
    /// <summary>How to get a libtorch.</summary>
    internal const string Remedy =
        "build with -p:Libtorch=cpu (package TorchSharp-cpu) or -p:Libtorch=cuda (package TorchSharp-cuda-linux)";

    private const string NewSystems = "Debian 13, Ubuntu 24.04 and Microsoft's .NET 10 images have it, Debian 12 has not";
    private const string Managed = "the managed engine needs no native library";

    // The part of a library's header that tells what it is made for, and the values that .NET has a name for.
    private const int MachineOffset = 18;
    private static readonly Dictionary<int, Architecture> Machines = new()
    {
        [3] = Architecture.X86,
        [40] = Architecture.Arm,
        [62] = Architecture.X64,
        [183] = Architecture.Arm64,
    };

    /// <summary>Explains a fault.</summary>
    /// <param name="fault">The loader's words, or those of the runtime that asked it.</param>
    /// <param name="torchSharp">Version of TorchSharp.</param>
    /// <param name="compiledFor">The libtorch that it was compiled for.</param>
    internal static string Explain(string fault, string torchSharp, string compiledFor)
    {
        string first = fault.AsSpan().Trim().ToString().Split('\n')[0].Trim();
        if (Version().Match(first) is { Success: true } version)
            return OldLibrary(version.Groups["library"].Value, version.Groups["version"].Value, version.Groups["by"].Value);
        if (NotFound().Match(first) is { Success: true } missing) return Missing(missing.Groups["library"].Value, first);
        if (Damaged().Match(first) is { Success: true } damaged)
            return $"{Path.GetFileName(damaged.Groups["library"].Value)} is no library that this system can load ({damaged.Groups["fault"].Value}): restore its package again, or {Remedy}";
        bool isOther = first.Contains("undefined symbol", StringComparison.Ordinal)
            || first.Contains("entry point", StringComparison.Ordinal);
        return isOther
            ? $"this libtorch is not the one that TorchSharp {torchSharp} was compiled for ({compiledFor}): {Remedy} ({first})"
            : $"libtorch cannot be loaded: {Remedy} ({first})";
    }

    /// <summary>That there is no libtorch.</summary>
    /// <param name="library">Name of the library that was looked for.</param>
    internal static string NoLibtorch(string library) => $"{library} is missing, this build has no libtorch: {Remedy}; {Managed}";

    /// <summary>The newest version among those of a family that a library has, for example GLIBCXX_3.4.30; null: none, or it cannot be
    /// read.</summary>
    /// <param name="library">The library's file.</param>
    /// <param name="family">The part of the name before the number, with the underscore.</param>
    internal static string? NewestVersion(string library, string family)
    {
        try
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(library));
            return Regex.Matches(text, $@"(?<=\0){Regex.Escape(family)}(\d+(\.\d+)+)(?=\0)")
                .MaxBy(match => System.Version.Parse(match.Groups[1].Value))?.Value;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string OldLibrary(string library, string version, string by)
    {
        string family = version[..(version.LastIndexOf('_') + 1)];
        string found = NewestVersion(library, family) is { } newest ? $"has {newest} at most" : "has not";
        string gcc = version == "GLIBCXX_3.4.32" ? "the libstdc++ of GCC 13, " : string.Empty;
        string systems = family is "GLIBCXX_" or "CXXABI_" or "GLIBC_" ? $"use a newer system ({NewSystems})" : "use a newer system";
        return $"{Path.GetFileName(by)} needs {gcc}{version}, and {library} {found}: {systems}; {Managed}";
    }

    // The loader says of a library that is made for other processors that it is not there.
    private static string Missing(string library, string fault)
    {
        string name = Path.GetFileName(library);
        string? file = File.Exists(library) ? library : LibtorchFiles.Find(name);
        if (file is not null && MadeFor(file) is { } made && made != RuntimeInformation.ProcessArchitecture)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.ProcessArchitecture}").ToLowerInvariant();
            return $"{name} is made for {made.ToString().ToLowerInvariant()}, and this process runs on {own}: TorchSharp has libraries for Linux and Windows on x64"
                + $" and for macOS on arm64; {Managed}";
        }

        if (file is not null) return $"libtorch cannot be loaded: {Remedy} ({fault})";
        bool isTorch = name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal);
        return isTorch
            ? NoLibtorch(name)
            : $"{name}, which libtorch needs, is not on this system: install the package that has it; {Managed}";
    }

    private static Architecture? MadeFor(string file)
    {
        Span<byte> head = stackalloc byte[MachineOffset + 2];
        try
        {
            using FileStream stream = File.OpenRead(file);
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith("\u007FELF"u8))
                return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return Machines.TryGetValue(head[MachineOffset] | (head[MachineOffset + 1] << 8), out Architecture machine) ? machine : null;
    }

    [GeneratedRegex(@"(?<library>\S+): version [`'](?<version>\w+_[\d.]+)' not found \(required by (?<by>[^)]+)\)")]
    private static partial Regex Version();

    [GeneratedRegex(@"(?<library>\S+): (cannot open shared object file: No such file or directory|wrong ELF class: \w+)")]
    private static partial Regex NotFound();

    [GeneratedRegex(@"(?<library>\S+): (?<fault>invalid ELF header|file too short)")]
    private static partial Regex Damaged();
}
