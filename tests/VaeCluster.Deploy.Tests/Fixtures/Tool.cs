using System.Diagnostics;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Runs external programs.</summary>
internal static class Tool
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="input">The standard input; null for none.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The exit code, and standard output and error combined.</returns>
    internal static (int Code, string Output, string Error) Run(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} does not end");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
