using System.Text.RegularExpressions;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Ready;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Tests;

public sealed class SweepCommandTests
{
    [Fact]
    public async Task Ready_sweeps_are_named_by_the_help_printed_as_they_were_written_and_can_be_read()
    {
        Terminal help = await Terminal.RunAsync("sweep", "--help");
        Assert.Equal(["beta-latent", "study-beta"], ReadySweeps.Names);
        foreach (string name in ReadySweeps.Names)
        {
            Assert.Contains(name, help.Output, StringComparison.Ordinal);
            Terminal printed = await Terminal.RunAsync("sweep", "--ready", name, "--print");
            Assert.Equal((0, ReadySweeps.Text(name)), (printed.Code, printed.Output));
            using var folder = new TempFolder();
            await File.WriteAllTextAsync(folder["sweep.yaml"], printed.Output);
            SweepSpec sweep = SweepFile.Load(folder["sweep.yaml"], []);
            Assert.Equal(name, sweep.Name);
            Assert.Equal(name == "beta-latent" ? 15 : 30, new TrialPlan(sweep).Count);
        }
    }

    [Fact]
    public async Task A_trial_is_printed_as_the_run_file_that_it_stands_for()
    {
        Terminal printed = await Terminal.RunAsync("sweep", "--ready", "beta-latent", "--print", "--trial", "5", "--set",
            "training.epochs=7");
        Assert.Equal(0, printed.Code);
        RunSpec run = RunFile.Parse(printed.Output, "run.yaml", "/", [], "/", RunVocabulary.All);
        Assert.Equal((2.0, 10, 7), (run.Objective.Kind.Number("beta"), run.Model.Latent, run.Training.Epochs));
        Terminal none = await Terminal.RunAsync("sweep", "--ready", "beta-latent", "--print", "--trial", "15");
        Assert.Equal(2, none.Code);
        Assert.Contains("--trial is '15': a trial from 0 to 14", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_follows_from_results_is_printed_from_the_folder_alone()
    {
        Terminal refused = await Terminal.RunAsync(
            "sweep", "--ready", "beta-latent", "--print", "--trial", "12", "--set", "search={ kind: tpe, trials: 20 }");
        Assert.Equal(2, refused.Code);
        Assert.Contains("give the folder of a sweep", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Terminal.RunAsync("sweep", "--ready", "beta-latent", "--print", "--trial", "9", "--set",
            "search={ kind: tpe, trials: 20 }")).Code);
    }

    [Fact]
    public async Task What_does_not_fit_together_is_one_line()
    {
        foreach (string[] line in (string[][])[["sweep"], ["sweep", "a.yaml", "--ready", "beta-latent"],
            ["sweep", "--ready", "beta-latent", "--trial", "3"], ["sweep", "--ready", "latent"]])
        {
            Terminal refused = await Terminal.RunAsync(line);
            Assert.Equal(2, refused.Code);
            Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Theory]
    [InlineData("README.md", 16)]
    [InlineData("docs/sweeps.md", 20)]
    public void The_sweep_files_of_the_documentation_can_be_read(string page, int trials)
    {
        string text = File.ReadAllText(Path.Combine(Root(), page)).ReplaceLineEndings("\n");
        string sweep = Regex.Match(text, "# ?Sweeps.*?```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        using var folder = new TempFolder();
        File.WriteAllText(folder["sweep.yaml"], sweep);
        File.WriteAllText(folder["run.yaml"], "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n");
        Assert.Equal(trials, new TrialPlan(SweepFile.Load(folder["sweep.yaml"], [])).Count);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
