using System.Diagnostics;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>A program of the system, run to its end.</summary>
internal static class ShellCommand
{
    internal static ProcessResult Run(string folder, IReadOnlyDictionary<string, string> environment, string program,
        params string[] arguments) =>
        RunAsync(folder, environment, program, arguments).GetAwaiter().GetResult();

    internal static async Task<ProcessResult> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("VAECLUSTER_COMMAND");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync(limit.Token);
        return new ProcessResult(process.ExitCode, await output, await error);
    }
}
