using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

/// <summary>What files and arguments from strangers make the program print.</summary>
public sealed class HostileTextTests : IDisposable
{
    private const string Escape = "\u001b]0;owned\u0007\u001b[2J";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Escapes_of_the_terminal_in_a_run_file_are_written_out()
    {
        string file = Write("run.yaml", $"data: {{ dataset: \"{Escape.Replace("\u001b", "\\e", StringComparison.Ordinal).Replace("\u0007", "\\a", StringComparison.Ordinal)}\" }}\nmodel: {{ architecture: mlp }}\n");
        DemandPlain(await Terminal.RunAsync("train", file), "\\u001b]0;owned\\u0007");
    }

    [Fact]
    public async Task Escapes_of_the_terminal_in_names_of_files_and_arguments_are_written_out()
    {
        DemandPlain(await Terminal.RunAsync("train", $"{Escape}.yaml"), "\\u001b]0;owned\\u0007");
        DemandPlain(await Terminal.RunAsync("train", "a.yaml", "--threads", Escape), "\\u001b]0;owned\\u0007");
        DemandPlain(await Terminal.RunAsync($"{Escape}"), "\\u001b]0;owned\\u0007");
        string file = Write("run.yaml", "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        DemandPlain(await Terminal.RunAsync("train", file, "--set", $"model.{Escape}=1"), "\\u001b]0;owned\\u0007");
    }

    [Fact]
    public async Task A_table_of_runs_shows_names_as_they_are_written()
    {
        string run = Path.Combine(_folder.Path, "runs", $"001-{Escape}");
        Directory.CreateDirectory(run);
        await File.WriteAllTextAsync(Path.Combine(run, "run.yaml"), "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        Terminal listed = await Terminal.RunAsync("runs", Path.Combine(_folder.Path, "runs"));
        Assert.Equal(0, listed.Code);
        Assert.DoesNotContain('\u001b', listed.Output);
    }

    [Fact]
    public async Task A_message_has_a_bounded_length()
    {
        string file = Write("run.yaml", "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        Terminal refused = await Terminal.RunAsync("train", file, "--set", new string('a', 100_000));
        Assert.Equal(2, refused.Code);
        Assert.True(refused.Error.Length < 5000);
        string huge = Write("huge.yaml", $"{new string('b', 900_000)}: 1\n");
        refused = await Terminal.RunAsync("train", huge);
        Assert.Equal(2, refused.Code);
        Assert.True(refused.Error.Length < 5000);
    }

    [Fact]
    public async Task An_override_of_many_parts_is_refused_and_the_program_lives()
    {
        string file = Write("run.yaml", "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        Terminal refused = await Terminal.RunAsync("train", file, "--set", string.Join('.', Enumerable.Repeat("a", 80_000)) + "=1");
        Assert.Equal(2, refused.Code);
        Assert.Contains("at most 16 parts", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.hidden=[46341,46341]", "model.hidden is '[46341, 46341]'")]
    [InlineData("training.batch=2147483647", "training.batch")]
    [InlineData("model.latent=65536", "model.hidden is '[65536, 65536]'", "model.hidden=[65536,65536]")]
    public async Task A_model_that_nobody_can_hold_is_bad_input(string change, string message, string? other = null)
    {
        string file = Write("run.yaml", "data: { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 8, y: 8 } }\nmodel: { architecture: mlp }\ntraining: { batch: 16 }\n");
        Terminal refused = await Terminal.RunAsync(
            ["train", file, "--out", Path.Combine(_folder.Path, "out"), "--set", change, .. other is null ? Array.Empty<string>() : ["--set", other]]);
        Assert.Equal(2, refused.Code);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "out")));
    }

    [RequiresFact(Requirement.Procfs)]
    public async Task A_pipe_in_place_of_a_run_or_sweep_file_is_refused_at_once()
    {
        string pipe = Path.Combine(_folder.Path, "pipe.yaml");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync();
        foreach (string verb in new[] { "train", "sweep" })
        {
            Terminal refused = await Task.Run(() => Terminal.RunAsync(verb, pipe)).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(2, refused.Code);
            Assert.Contains("is a named pipe; only regular files are read", refused.Error, StringComparison.Ordinal);
        }
    }

    private static void DemandPlain(Terminal result, string shown)
    {
        Assert.Equal(2, result.Code);
        Assert.Contains(shown, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
        Assert.DoesNotContain('\u0007', result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
