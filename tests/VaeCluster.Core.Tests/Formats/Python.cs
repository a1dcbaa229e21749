using System.Diagnostics;

namespace VaeCluster.Core.Tests.Formats;

/// <summary>Runs a script with an installed Python that has the needed modules.</summary>
internal static class Python
{
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>The script's output, or null if no Python can import the modules.</summary>
    internal static string? Run(string imports, string script, params string[] arguments)
    {
        foreach (string python in Candidates)
        {
            if (Start(python, imports) is not null) return Start(python, imports + "\n" + script, arguments) ?? "the script failed";
        }

        return null;
    }

    private static string? Start(string python, string script, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(python, ["-c", script, .. arguments]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
