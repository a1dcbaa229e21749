namespace VaeCluster.EndToEnd.Tests;

/// <summary>How a process ended and what it said.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public ProcessResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}{Error}");
        return this;
    }

    /// <summary>Bad input: exit code 2 and exactly one line, which holds all these words.</summary>
    public ProcessResult Refused(params string[] words)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Output}{Error}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (string word in words) Assert.Contains(word, line, StringComparison.Ordinal);
        return this;
    }
}
