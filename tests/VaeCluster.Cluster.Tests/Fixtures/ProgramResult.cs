namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>How a process ended and what it said.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Exit code 0.</summary>
    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}{Error}");
        return this;
    }

    /// <summary>Bad input: exit code 2 and exactly one line, which holds all these words.</summary>
    public ProgramResult Refused(params string[] words)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Output}{Error}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (string word in words) Assert.Contains(word, line, StringComparison.Ordinal);
        return this;
    }
}
