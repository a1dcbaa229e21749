
namespace VaeCluster.EndToEnd.Tests;

/// <summary>The completion scripts in real shells.</summary>
public sealed class ShellCompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ShellCompletionTests()
    {
        Directory.CreateDirectory(_folder["bin"]);
        Directory.CreateDirectory(_folder["runs", "001-vae"]);
        File.WriteAllText(_folder["run.yaml"], string.Empty);
        if (OperatingSystem.IsWindows()) return;
        string program = _folder["bin", "vaecluster"];
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "vaecluster.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    [RequiresTheory(Requirement.Bash)]
    [InlineData("vaecluster tr", "train traverse")]
    [InlineData("vaecluster train run.yaml --wor", "--workers")]
    [InlineData("vaecluster train ru", "run.yaml runs/")]
    [InlineData("vaecluster evaluate runs/0", "runs/001-vae/")]
    [InlineData("./bin/vaecluster qui", "quickstart")]
    public void Bash_completes_verbs_options_and_files(string line, string expected)
    {
        // As bash sets them when somebody presses the tab key at the end of the line.
        const string Script =
            """
            source <(vaecluster completion bash) || exit 1
            complete -p vaecluster >/dev/null || exit 1
            read -ra COMP_WORDS <<<"$1"
            COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _vaecluster
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal(expected + "\n", Run("bash", "-c", Script, "bash", line).Succeeded().Output);
    }

    [RequiresFact(Requirement.Zsh)]
    public void Zsh_loads_its_script_and_completes_verbs()
    {
        // compadd works within a completion alone, so a function of that name shows what would be added.
        const string Script =
            """
            autoload -U compinit && compinit -u -D || exit 1
            source <(vaecluster completion zsh) || exit 1
            [ "${_comps[vaecluster]}" = _vaecluster ] || exit 1
            compadd() { [ "$1" = -S ] && shift 2; shift; [ $# -eq 0 ] || print -- "$@" }
            words=(vaecluster tr) CURRENT=2
            _vaecluster
            words=(vaecluster train ru) CURRENT=3
            _vaecluster
            """;
        Assert.Equal("train traverse\nrun.yaml\nruns/\n", Run("zsh", "-f", "-c", Script).Succeeded().Output);
    }

    [RequiresTheory(Requirement.Fish)]
    [InlineData("vaecluster tr", "train traverse")]
    [InlineData("vaecluster train ru", "run.yaml runs/")]
    public void Fish_completes_verbs_and_files(string line, string expected)
    {
        ProcessResult result = Run("fish", "--no-config", "-c", "vaecluster completion fish | source; complete -C $argv[1]", line)
            .Succeeded();
        Assert.Equal(expected, string.Join(' ', result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)));
    }

    [RequiresFact(Requirement.PowerShell)]
    public void PowerShell_completes_verbs()
    {
        const string Script =
            "vaecluster completion pwsh | Out-String | Invoke-Expression; "
            + "(TabExpansion2 'vaecluster tr' 13).CompletionMatches | ForEach-Object { $_.CompletionText }";
        Assert.Equal("train\ntraverse\n", Run("pwsh", "-NoProfile", "-Command", Script).Succeeded().Output.ReplaceLineEndings("\n"));
    }

    private ProcessResult Run(string program, params string[] arguments) => ShellCommand.Run(
        _folder.Path,
        new Dictionary<string, string>
        {
            ["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = _folder.Path,
        },
        program, arguments);
}
