using System.Runtime.InteropServices;

namespace VaeCluster.Service.Store;

/// <summary>
/// Keeps other users of the machine from reading runs: whoever needs a token over HTTP must not get the same from the disk.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// From now on, what this process writes is its user's alone (folders 0700, files 0600), and so is the folder of runs. On Windows,
    /// where folders inherit their permissions, nothing happens.
    /// </summary>
    /// <param name="runs">The folder of runs, which need not exist yet.</param>
    /// <param name="log">Receives a line if the folder belongs to somebody else, who decides who may read it.</param>
    public static void Begin(string runs, Action<string>? log)
    {
        const uint NobodyElse = 0b_000_111_111;
        if (OperatingSystem.IsWindows()) return;
        _ = SetMask(NobodyElse);
        try
        {
            if (Directory.Exists(runs)) File.SetUnixFileMode(runs, Owner);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            log?.Invoke($"{runs} stays readable for others: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
