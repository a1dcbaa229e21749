namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>The exit code and output of a process.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Exit code 0.</summary>
    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}{Error}");
        return this;
    }

    /// <summary>Asserts bad input: exit code 2 and exactly one line, which contains all these words.</summary>
    public ProgramResult Refused(params string[] words)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Output}{Error}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (string word in words) Assert.Contains(word, line, StringComparison.Ordinal);
        return this;
    }
}
