using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public class CommandLineTests
{
    public static TheoryData<string> Verbs =>
    [
        "quickstart", "train", "resume", "sweep", "evaluate", "sample", "reconstruct", "traverse", "interpolate", "manifold", "encode",
            "export", "report",
        "runs", "models", "data list", "data inspect", "data render", "data download", "bench", "serve", "submit", "status",
        "cancel", "silo",
        "doctor", "completion",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_has_help_with_an_example(string verb)
    {
        Terminal help = await Terminal.RunAsync([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, help.Code);
        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.Contains($"vaecluster {verb}", help.Output, StringComparison.Ordinal);
        Assert.Empty(help.Error);
    }

    [Theory]
    [InlineData("trian")]
    [InlineData("train")]
    [InlineData("train a b")]
    [InlineData("train a --ready vae")]
    [InlineData("train --ready no-such-model")]
    [InlineData("train a --data data/mnist")]
    [InlineData("train missing.yaml")]
    [InlineData("train missing.yaml --workers 0")]
    [InlineData("train missing.yaml --threads x")]
    [InlineData("evaluate no-such-folder")]
    [InlineData("resume no-such-folder")]
    [InlineData("report no-such-folder")]
    [InlineData("data inspect nothing")]
    [InlineData("data inspect mnist")]
    [InlineData("data render mnist --path no-such-folder")]
    [InlineData("sample run --rows -1")]
    [InlineData("bench --threads 0")]
    [InlineData("bench --seconds never")]
    [InlineData("runs no-such-folder")]
    [InlineData("completion ksh")]
    [InlineData("silo --standalone")]
    public async Task Bad_input_is_one_line_and_code_2(string line)
    {
        Terminal result = await Terminal.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task An_error_says_where_it_comes_from_only_when_asked()
    {
        Terminal plain = await Terminal.RunAsync("evaluate", "no-such-folder");
        Terminal verbose = await Terminal.RunAsync("evaluate", "no-such-folder", "--verbose");
        Assert.DoesNotContain("   at ", plain.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
        Assert.Equal(2, verbose.Code);
    }

    [Theory]
    [InlineData("trian", "did you mean 'train'?")]
    [InlineData("train a.yaml --worker 2", "did you mean '--workers'?")]
    public async Task A_slip_is_answered_with_the_nearest_name(string line, string hint) =>
        Assert.Contains(hint, (await Terminal.RunAsync(line.Split(' '))).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("traverse run --from x",
        "--from is 'x': a number from -1000 to 1000, with a decimal point; see 'vaecluster traverse --help'")]
    [InlineData("traverse run --example x", "--example is 'x': a whole number from 0 to 2147483647; see")]
    [InlineData("sample run --seed 1.5", "--seed is '1.5': a whole number from ")]
    [InlineData("serve --log-format xml", "--log-format is 'xml': one of lines, json; see")]
    public async Task A_value_of_the_wrong_type_is_answered_with_what_is_allowed(string line, string message)
    {
        Terminal result = await Terminal.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.StartsWith($"error: {message}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_verb_it_prints_its_help_with_all_verbs()
    {
        Terminal result = await Terminal.RunAsync();
        Assert.Equal(0, result.Code);
        foreach (string verb in (string[])["quickstart", "runs", "silo", "completion"])
            Assert.Contains($"\n  {verb} ", result.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_without_the_launcher_is_told_how_to_start() => Assert.Contains(
        "start it with './vaecluster silo'", (await Terminal.RunAsync("silo", "--standalone", "--data", "data")).Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task No_help_lists_files_of_the_current_folder()
    {
        // The library puts completions in the help where a value has no name of its own.
        Terminal result = await Terminal.RunAsync("--help");
        Assert.Contains("train <RUNFILE>", result.Output, StringComparison.Ordinal);
        Assert.Contains("completion <SHELL>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_looks_at_engine_memory_and_disk()
    {
        Terminal result = await Terminal.RunAsync("doctor");
        foreach (string what in (string[])["runtime", "cores", "vectors", "engine", "memory", "disk"])
            Assert.Contains(what, result.Output, StringComparison.Ordinal);
        Assert.Equal(result.Output.Contains("All fine.", StringComparison.Ordinal) ? 0 : 1, result.Code);
    }
}
