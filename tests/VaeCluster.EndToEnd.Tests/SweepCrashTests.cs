using System.Diagnostics;
using System.Text.Json;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Promise P2 for sweeps: killed at any moment and resumed, every trial ends in the same bits.</summary>
public sealed class SweepCrashTests
{
    // Long enough that a process which looks on, and is not always given its turn, finds a trial in progress.
    private const int Epochs = 15;

    private const string Sweep = """
        name: bars
        base: run.yaml
        space:
          objective.beta: [1, 2, 4]
          model.latent: [2, 3]
        seeds: [1, 2]
        parallel: 2

        """;

    [Fact]
    public void A_sweep_of_twelve_trials_killed_four_times_ends_in_the_weights_of_an_undisturbed_one()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: Epochs);
        File.WriteAllText(folder["sweep.yaml"], Sweep);
        string[] sweep = ["sweep", "sweep.yaml", "--set", "model.hidden=[16]", "--out"];
        VaeClusterProcess.Run(folder.Path, [.. sweep, "undisturbed"]).Succeeded();
        Dictionary<int, string> expected = Weights(folder["undisturbed"]);
        Assert.Equal(12, expected.Count);

        var random = new Random(6);
        int[] goals = [1, 3, 5, 7];
        foreach (int goal in goals)
        {
            string[] verb = File.Exists(folder["killed", "sweep.yaml"]) ? ["resume", "killed"] : [.. sweep, "killed"];
            using VaeClusterProcess process = VaeClusterProcess.Start(folder.Path, new Dictionary<string, string>(), verb);
            while (!process.HasExited && Weights(folder["killed"]).Count < goal) Thread.Yield();
            var delay = Stopwatch.StartNew();
            for (int microseconds = random.Next(50_000); delay.Elapsed.TotalMicroseconds < microseconds;) Thread.SpinWait(10);
            if (process.HasExited) Assert.Fail($"the sweep came to its end before it was killed four times: {process.Wait()}");
            process.Kill();
            Assert.Equal(137, process.Wait().ExitCode);
        }

        VaeClusterProcess.Run(folder.Path, "resume", "killed", "--set", "parallel=1").Succeeded();
        Assert.Equal(expected, Weights(folder["killed"]));
        Assert.Equal(12, File.ReadAllLines(folder["killed", "trials.jsonl"]).Length);
        foreach (string trial in Directory.GetDirectories(folder["killed", "trials"]))
            Assert.Equal(Enumerable.Range(1, Epochs * 13), RunFiles.Steps(trial));
        VaeClusterProcess.Run(folder.Path, "resume", "killed").Succeeded();
        Assert.Equal(expected, Weights(folder["killed"]));

        // A trial is reachable by its number: the run file that it stands for gives the same weights.
        string run = VaeClusterProcess.Run(folder.Path, "sweep", "killed", "--trial", "7", "--print").Succeeded().Output;
        File.WriteAllText(folder["trial.yaml"], run);
        VaeClusterProcess.Run(folder.Path, "train", "trial.yaml", "--out", "alone").Succeeded();
        Assert.Equal(expected[7], RunFiles.Sha256(folder["alone"]));
    }

    [Fact]
    public void A_sweep_of_which_no_trial_ends_well_exits_1_with_one_line()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        File.WriteAllText(folder["sweep.yaml"], "base: run.yaml\nspace: { training.learningRate: [1.0e+5, 1.0e+6] }\n");
        ProcessResult result = VaeClusterProcess.Run(folder.Path, "sweep", "sweep.yaml", "--out", "sweep", "--set",
            "training.optimizer=sgd", "--set", "training.clipNorm=null");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error: all 2 trials failed; first error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("is not finite", result.Error, StringComparison.Ordinal);
        Assert.Equal("failed",
            JsonDocument.Parse(File.ReadAllText(folder["sweep", "summary.json"])).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public void Bad_input_is_one_line_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        string[] before = Directory.GetFileSystemEntries(folder.Path);
        Refused("space: {}", "space", "at least one");
        Refused("space: { objective.betta: [1] }", "objective.betta", "did you mean 'beta'?");
        Refused("space: { objective.beta: [1] }\nobjective: loss", "objective is 'loss'", "does not depend on β");
        Refused("space: { objective.beta: [1] }\nstop: { kind: asha, criterion: loss }", "stop.criterion is 'loss'",
            "does not depend on β");
        Refused("space: { objective.beta: [1] }\nscores: [mig]", "trial 0",
            "the score mig needs a dataset with at least two varying factors");
        Refused("space: { training.batch: [32, 4096] }", "trial 1", "batch");
        VaeClusterProcess.Run(folder.Path, "sweep", "--ready", "beta").Refused("--ready is 'beta'", "beta-latent");
        VaeClusterProcess.Run(folder.Path, "sweep").Refused("sweep file");

        void Refused(string rest, params string[] words)
        {
            File.WriteAllText(folder["sweep.yaml"], $"base: run.yaml\n{rest}\n");
            VaeClusterProcess.Run(folder.Path, "sweep", "sweep.yaml").Refused(["sweep.yaml", .. words]);
            File.Delete(folder["sweep.yaml"]);
            Assert.Equal(before.Order(), Directory.GetFileSystemEntries(folder.Path).Order());
        }
    }

    private static Dictionary<int, string> Weights(string sweep)
    {
        string path = Path.Combine(sweep, "trials.jsonl");
        var weights = new Dictionary<int, string>();
        if (!File.Exists(path)) return weights;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        string text = reader.ReadToEnd();
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal("finished", json.RootElement.GetProperty("status").GetString());
            weights.Add(json.RootElement.GetProperty("index").GetInt32(), json.RootElement.GetProperty("weightsSha256").GetString()!);
        }

        return weights;
    }
}
