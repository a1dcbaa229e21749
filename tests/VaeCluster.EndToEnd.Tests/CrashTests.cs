namespace VaeCluster.EndToEnd.Tests;

/// <summary>Promise P2: killed at any moment and resumed, a run ends in the same bits with every step logged once.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;

    [Fact]
    public void Killed_twenty_times_and_resumed_with_other_workers_a_run_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 150);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "undisturbed", "--workers", "1").Succeeded();

        // The moment of a kill is the size that metrics.jsonl has grown to: anywhere in a run, in a step or in a checkpoint.
        var random = new Random(20);
        string log = folder["killed", "metrics.jsonl"];
        long whole = new FileInfo(folder["undisturbed", "metrics.jsonl"]).Length;
        int kills = 0;
        for (int attempt = 0; attempt < 200; attempt++)
        {
            string workers = $"{random.Next(1, 9)}";
            using VaeClusterProcess process = attempt == 0
                ? VaeClusterProcess.Start(folder.Path, new Dictionary<string, string>(), "train", "run.yaml", "--out", "killed", "--workers", workers)
                : VaeClusterProcess.Start(folder.Path, new Dictionary<string, string>(), "resume", "killed", "--workers", workers);
            if (kills < Kills)
            {
                // Each session is let grow by up to a tenth, then some random spins more, so that kills also fall between two writes.
                long goal = Math.Min(Length(log) + (long)(random.NextDouble() * whole / 10), whole * 95 / 100);
                while (!process.HasExited && Length(log) < goal) Thread.Yield();
                for (int spins = random.Next(200_000); spins > 0 && !process.HasExited; spins--) Thread.SpinWait(10);
                if (!process.HasExited)
                {
                    process.Kill();
                    kills++;
                }
            }

            ProcessResult result = process.Wait();
            if (result.ExitCode == 0) break;
            if (kills >= Kills && result.ExitCode is not 137 and not 0) result.Succeeded();
            if (!File.Exists(folder["killed", "run.yaml"])) attempt = -1;
        }

        Assert.Equal(Kills, kills);
        Assert.Equal(RunFiles.Sha256(folder["undisturbed"]), RunFiles.Sha256(folder["killed"]));
        Assert.Equal(RunFiles.Steps(folder["undisturbed"]), RunFiles.Steps(folder["killed"]));
        Assert.Empty(Directory.GetDirectories(folder["killed", "checkpoints"], ".*"));
    }

    [Fact]
    public void An_interrupted_run_writes_a_checkpoint_exits_130_and_goes_on()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 400);
        string log = folder["stopped", "metrics.jsonl"];
        using VaeClusterProcess process = VaeClusterProcess.Start(
            folder.Path, new Dictionary<string, string>(), "train", "run.yaml", "--out", "stopped", "--set", "checkpoint.everySteps=100000", "--set", "evaluation.everyEpochs=0");
        while (!process.HasExited && Length(log) == 0) Thread.Yield();
        using (var interrupt = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"])) interrupt.WaitForExit();

        Assert.Equal(130, process.Wait().ExitCode);
        Assert.NotEmpty(Directory.GetDirectories(folder["stopped", "checkpoints"], "step-*"));
        Assert.False(File.Exists(folder["stopped", "result.json"]));
        VaeClusterProcess.Run(folder.Path, "resume", "stopped").Succeeded();
        Assert.Equal(Enumerable.Range(1, 400 * 13), RunFiles.Steps(folder["stopped"]));
    }

    [Fact]
    public void A_finished_run_resumes_to_success_and_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "done").Succeeded();
        string before = File.ReadAllText(folder["done", "result.json"]);
        VaeClusterProcess.Run(folder.Path, "resume", "done").Succeeded();
        Assert.Equal(before, File.ReadAllText(folder["done", "result.json"]));
    }

    [Fact]
    public void A_checkpoint_with_a_flipped_bit_is_named_and_passed_over()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "run").Succeeded();
        string sha256 = RunFiles.Sha256(folder["run"]);
        File.Delete(folder["run", "result.json"]);
        string newest = folder["run", "checkpoints", "step-00000026-g1", "model.safetensors"];
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^100] ^= 1;
        File.WriteAllBytes(newest, bytes);

        ProcessResult result = VaeClusterProcess.Run(folder.Path, "resume", "run").Succeeded();
        Assert.Contains("checkpoint step-00000026-g1 is damaged: model.safetensors differs from the manifest", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(sha256, RunFiles.Sha256(folder["run"]));
        Assert.Equal(Enumerable.Range(1, 26), RunFiles.Steps(folder["run"]));
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
