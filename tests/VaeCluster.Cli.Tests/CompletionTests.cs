using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

/// <summary>What can follow in a command line, as shells ask for it, and the scripts by which they do.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CompletionTests()
    {
        Directory.CreateDirectory(_folder["runs"]);
        Directory.CreateDirectory(_folder[Path.Combine("runs", "001-vae")]);
        Directory.CreateDirectory(_folder[".hidden"]);
        File.WriteAllText(_folder["run.yaml"], string.Empty);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vaecluster tr", "train", "traverse")]
    [InlineData("./vaecluster tr", "train", "traverse")]
    [InlineData("/opt/vae-cluster/vaecluster qui", "quickstart")]
    [InlineData("vaecluster data in", "inspect")]
    [InlineData("vaecluster train --wor", "--workers")]
    [InlineData("vaecluster train run.yaml --wor", "--workers")]
    [InlineData("vaecluster evaluate run --split ", "test", "train", "validation")]
    [InlineData("vaecluster export run --format ", "npz", "onnx", "safetensors")]
    [InlineData("vaecluster serve --log-format ", "json", "lines")]
    [InlineData("vaecluster completion ", "bash", "fish", "pwsh", "zsh")]
    [InlineData("vaecluster completion b", "bash")]
    [InlineData("vaecluster train no-such-")]
    [InlineData("vaecluster")]
    [InlineData("")]
    public async Task The_last_word_is_completed(string line, params string[] expected) => Assert.Equal(expected, await SuggestAsync(line));

    [Fact]
    public async Task Files_and_folders_complete_what_names_a_file()
    {
        string place = _folder.Path.Replace('\\', '/');
        Assert.Equal([$"{place}/run.yaml", $"{place}/runs/"], await SuggestAsync($"vaecluster train {place}/"));
        Assert.Equal([$"{place}/runs/"], await SuggestAsync($"vaecluster evaluate {place}/"));
        Assert.Equal([$"{place}/runs/001-vae/"], await SuggestAsync($"vaecluster evaluate {place}/runs/0"));
        Assert.Equal([$"{place}/runs/"], await SuggestAsync($"vaecluster train run.yaml --out {place}/ru"));
        Assert.Equal([$"{place}/.hidden/"], await SuggestAsync($"vaecluster runs {place}/.h"));
        Assert.Empty(await SuggestAsync($"vaecluster train {place}/missing/"));
    }

    [Fact]
    public async Task Options_follow_where_nothing_else_can()
    {
        string[] words = await SuggestAsync("vaecluster bench ");
        Assert.Contains("--seconds", words);
        Assert.DoesNotContain("-h", words);
        Assert.DoesNotContain("/?", words);
    }

    [Fact]
    public async Task The_line_is_completed_at_the_cursor() =>
        Assert.Equal(["train", "traverse"], await SuggestAsync("vaecluster tr run.yaml", 13));

    [Theory]
    [InlineData("bash", "complete -F _vaecluster vaecluster")]
    [InlineData("zsh", "compdef _vaecluster vaecluster")]
    [InlineData("fish", "complete -c vaecluster -f -a")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName vaecluster")]
    public async Task There_is_a_script_for_every_shell(string shell, string line)
    {
        Terminal result = await Terminal.RunAsync("completion", shell);
        Assert.Equal(0, result.Code);
        Assert.Contains(line, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("@NAME@", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("@FUNCTION@", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', result.Output);
    }

    [Fact]
    public async Task Another_shell_is_refused_with_those_there_are()
    {
        Terminal result = await Terminal.RunAsync("completion", "zhs");
        Assert.Equal(2, result.Code);
        Assert.Contains("SHELL is 'zhs': one of bash, zsh, fish, pwsh; did you mean 'zsh'?", result.Error, StringComparison.Ordinal);
    }

    private static async Task<string[]> SuggestAsync(string line, int? cursor = null)
    {
        Terminal result = await Terminal.RunAsync($"[suggest:{cursor ?? line.Length}]", line);
        Assert.Equal(0, result.Code);
        Assert.Empty(result.Error);
        return result.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
