namespace VaeCluster.Tests.Shared;

/// <summary>What a test needs beyond the SDK; where a machine lacks it, the test is skipped with that reason.</summary>
internal enum Requirement
{
    /// <summary>A Python 3.</summary>
    Python,

    /// <summary>A Python 3 that imports NumPy.</summary>
    NumPy,

    /// <summary>A Python 3 that imports PyTorch and NumPy.</summary>
    PyTorch,

    /// <summary>A Chromium or Chrome that runs without a screen.</summary>
    Chromium,

    /// <summary>A Chromium, and the driver of Playwright in this project's output.</summary>
    Browser,

    /// <summary>A POSIX shell: Linux or macOS.</summary>
    PosixShell,

    /// <summary>A POSIX shell, and Ctrl-C's signal not ignored, as it is in what a script starts with <c>&amp;</c>.</summary>
    Interruptible,

    /// <summary>The shell bash.</summary>
    Bash,

    /// <summary>The shell zsh.</summary>
    Zsh,

    /// <summary>The shell fish.</summary>
    Fish,

    /// <summary>PowerShell 7.</summary>
    PowerShell,

    /// <summary>The right to mount a small disk: Linux, as root, outside a locked container.</summary>
    MountedDisk,

    /// <summary>Linux's /proc, which tells how much memory a process has had.</summary>
    Procfs,

    /// <summary>The programs of a PostgreSQL 15 or newer on Linux; as root, also a user postgres to run them as.</summary>
    Postgres,

    /// <summary>Helm, as tests/VaeCluster.Deploy.Tests/Tools/install.sh brings it.</summary>
    Helm,

    /// <summary>The folder of tools that the same script brings, and a Node.js that runs them.</summary>
    DeployTools,

    /// <summary>Prometheus' own checker of rules.</summary>
    Promtool,

    /// <summary>A Prometheus server, to be started by a test.</summary>
    Prometheus,

    /// <summary>A C++ library that is new enough for TorchSharp's native part: libstdc++ of GCC 13, where the system is Linux.</summary>
    Libstdcxx,

    /// <summary>A GPU that the caller has chosen for the tests.</summary>
    Gpu,
}
