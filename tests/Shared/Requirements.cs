using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace VaeCluster.Tests.Shared;

/// <summary>Finds what tests need beyond the SDK.</summary>
internal static class Requirements
{
    private const string DeployToolsScript = "tests/VaeCluster.Deploy.Tests/Tools/install.sh";

    private const string LibstdcxxScript = "tests/VaeCluster.Engine.Torch.Tests/Setup/libstdcxx.sh";

    private static readonly ConcurrentDictionary<Requirement, string?> Found = new();

    /// <summary>The program that meets a requirement; null: this machine has none.</summary>
    /// <param name="requirement">What is needed.</param>
    public static string? Find(Requirement requirement) => Found.GetOrAdd(requirement, Look);

    /// <summary>A requirement in words.</summary>
    /// <param name="requirement">What is needed.</param>
    public static string Describe(Requirement requirement) => requirement switch
    {
        Requirement.Python => "python3",
        Requirement.NumPy => "python3 with numpy",
        Requirement.PyTorch => "python3 with torch and numpy (Debian: python3-torch)",
        Requirement.Chromium => "chromium",
        Requirement.Browser => "chromium, and Playwright's driver for this platform",
        Requirement.PosixShell => "a POSIX shell",
        Requirement.Interruptible => "a POSIX shell that does not ignore SIGINT, as a script does for what it starts with '&'",
        Requirement.Bash => "bash (not on Windows)",
        Requirement.Zsh => "zsh",
        Requirement.Fish => "fish",
        Requirement.PowerShell => "pwsh",
        Requirement.Procfs => "Linux's /proc",
        Requirement.Postgres => "PostgreSQL 15 or newer (Linux: initdb and pg_ctl; as root also runuser and the user postgres)",
        Requirement.Helm => $"helm ({DeployToolsScript})",
        Requirement.DeployTools => $"node and the tools of {DeployToolsScript}",
        Requirement.Promtool => "promtool (Debian: prometheus)",
        Requirement.Prometheus => "prometheus (Debian: prometheus)",
        Requirement.Libstdcxx => $"the libstdc++ of GCC 13, for TorchSharp ({LibstdcxxScript} dotnet test … on Debian 12)",
        Requirement.Gpu => "a GPU (VAECLUSTER_TEST_DEVICE=cuda:0, and a build with -p:Libtorch=cuda)",
        Requirement.MountedDisk => "the right to mount a small disk (Linux, root)",
        _ => throw new ArgumentOutOfRangeException(nameof(requirement)),
    };

    // A version manager's python3 may lack what the system's has, so both are asked.
    private static string? Look(Requirement requirement) => requirement switch
    {
        Requirement.Python => FirstThatRuns(["python3", "/usr/bin/python3"], "-c", "pass"),
        Requirement.NumPy => FirstThatRuns(["python3", "/usr/bin/python3"], "-c", "import numpy"),
        Requirement.PyTorch => FirstThatRuns(["python3", "/usr/bin/python3"], "-c", "import torch, numpy"),
        Requirement.Chromium => FirstThatRuns(["chromium", "chromium-browser", "google-chrome"], "--version"),
        Requirement.Browser =>
        Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright", "node")) ? PathOf(Find(Requirement.Chromium)) : null,
        Requirement.Procfs => File.Exists("/proc/self/status") ? "/proc" : null,
        Requirement.Postgres => PostgresPrograms(),
        Requirement.Helm => DeployTool("bin/helm") is { } helm && Succeeds(helm, ["version"]) ? helm : null,
        Requirement.DeployTools =>
        Succeeds("node", ["--version"]) ? DeployTool("node_modules") is { } modules ? Path.GetDirectoryName(modules) : null : null,
        Requirement.Promtool => FirstThatRuns(["promtool"], "--version"),
        Requirement.Prometheus => FirstThatRuns(["prometheus"], "--version"),
        Requirement.Libstdcxx => OperatingSystem.IsLinux() ? NewLibstdcxx() : "the system's",
        Requirement.Gpu => Environment.GetEnvironmentVariable("VAECLUSTER_TEST_DEVICE") is { } device
        && device.StartsWith("cuda", StringComparison.Ordinal) ? device : null,
        Requirement.MountedDisk => CanMount() ? "mount" : null,
        Requirement.PosixShell => OperatingSystem.IsWindows() ? null : "/bin/sh",
        Requirement.Interruptible => OperatingSystem.IsWindows() || IgnoresInterrupts() ? null : "/bin/sh",
        Requirement.Bash => OperatingSystem.IsWindows() ? null : FirstThatRuns(["bash"], "-c", "true"),
        Requirement.Zsh => FirstThatRuns(["zsh"], "-c", "true"),
        Requirement.Fish => FirstThatRuns(["fish"], "-c", "true"),
        Requirement.PowerShell => FirstThatRuns(["pwsh"], "-NoProfile", "-Command", "exit 0"),
        _ => throw new ArgumentOutOfRangeException(nameof(requirement)),
    };

    // Children inherit it, so a program under test would not hear the signal. Elsewhere than on Linux it is taken to be heard.
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status", Mark = "SigIgn:";
        const ulong Interrupt = 1 << 1;
        if (!File.Exists(Status)) return false;
        string line = File.ReadLines(Status).First(text => text.StartsWith(Mark, StringComparison.Ordinal));
        return (ulong.Parse(line[Mark.Length..].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    private static string? DeployTool(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder);
        if (folder is null) return null;
        string path = Path.Combine(folder, ".build", "deploy-tools", name);
        return Path.Exists(path) ? path : null;
    }

    // The runtime itself is written in C++, so the library is in this process; a file that lacks the version's name lacks the version.
    private static string? NewLibstdcxx() => File.ReadLines("/proc/self/maps")
        .Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : string.Empty)
        .Where(path => Path.GetFileName(path).StartsWith("libstdc++", StringComparison.Ordinal)).Distinct()
        .FirstOrDefault(path => File.Exists(path) && File.ReadAllBytes(path).AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8) >= 0);

    // Debian keeps them in a folder a version, others on the path. The server refuses to run as root.
    private static string? PostgresPrograms()
    {
        const string FifteenOrNewer = "\"$0\" --version | grep -qE ' (1[5-9]|[2-9][0-9])([^0-9]|$)'";
        const string Debian = "/usr/lib/postgresql";
        if (!OperatingSystem.IsLinux()) return null;
        if (Environment.UserName == "root" && !Succeeds("runuser", ["-u", "postgres", "--", "true"])) return null;
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        IEnumerable<string> folders = versions
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat(path);
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl"))
            && Succeeds("/bin/sh", ["-c", FifteenOrNewer, Path.Combine(folder, "postgres")]));
    }

    private static string? PathOf(string? program) => program is null ? null : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return false;
        string folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;
        try
        {
            return Succeeds("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]) && Succeeds("umount", [folder]);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static string? FirstThatRuns(string[] programs, params string[] arguments) =>
        programs.FirstOrDefault(program => Succeeds(program, arguments));

    private static bool Succeeds(string program, string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start);
            if (process is null)
                return false;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
