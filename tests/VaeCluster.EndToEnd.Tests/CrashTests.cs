
namespace VaeCluster.EndToEnd.Tests;

/// <summary>Promise P2: killed at any moment and resumed, a run ends in the same bits with every step logged once.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;

    [Fact]
    public void Killed_twenty_times_and_resumed_with_other_workers_a_run_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 8);

        // A checkpoint of megabytes after every step: a good part of the time one is being written.
        string[] train = ["train", "run.yaml", "--set", "checkpoint.everySteps=1", "--set", "model.hidden=[256, 256]", "--out"];
        VaeClusterProcess.Run(folder.Path, [.. train, "undisturbed", "--workers", "1"]).Succeeded();

        var random = new Random(20);
        long whole = Length(folder["undisturbed", "metrics.jsonl"]);
        int torn = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            // Before its run file is written a run is not there yet, and is begun anew.
            string[] verb = File.Exists(folder["killed", "run.yaml"]) ? ["resume", "killed"] : [.. train, "killed"];
            using VaeClusterProcess process = VaeClusterProcess.Start(folder.Path, new Dictionary<string, string>(),
                [.. verb, "--workers", $"{random.Next(1, 9)}"]);
            WaitForTheMoment(process, folder["killed"], whole, whileWriting: kill % 2 == 1, random);
            Assert.False(process.HasExited, "the run came to its end before it was killed twenty times");
            process.Kill();
            Assert.Equal(137, process.Wait().ExitCode);
            torn += Unfinished(folder["killed"]) ? 1 : 0;
        }

        VaeClusterProcess.Run(folder.Path, "resume", "killed", "--workers", "3").Succeeded();
        Assert.True(torn >= 3, $"only {torn} of {Kills} kills hit a checkpoint while it was written");
        Assert.Equal(RunFiles.Sha256(folder["undisturbed"]), RunFiles.Sha256(folder["killed"]));
        Assert.Equal(Enumerable.Range(1, 8 * 13), RunFiles.Steps(folder["killed"]));
        Assert.False(Unfinished(folder["killed"]));
    }

    [RequiresFact(Requirement.Interruptible)]
    public void An_interrupted_run_writes_a_checkpoint_exits_130_and_goes_on()
    {
        using var folder = new TemporaryFolder();

        // Many steps, so that the signal comes long before the last of them.
        const int Epochs = 200;
        SmallData.WriteRun(folder, Epochs);
        string log = folder["stopped", "metrics.jsonl"];
        using VaeClusterProcess process = VaeClusterProcess.Start(
            folder.Path, new Dictionary<string, string>(), "train", "run.yaml", "--out", "stopped", "--set",
            "checkpoint.everySteps=100000", "--set", "evaluation.everyEpochs=0");
        while (!process.HasExited && Length(log) == 0) Thread.Yield();
        using (var interrupt = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"])) interrupt.WaitForExit();

        Assert.Equal(130, process.Wait().ExitCode);
        Assert.NotEmpty(Directory.GetDirectories(folder["stopped", "checkpoints"], "step-*"));
        Assert.False(File.Exists(folder["stopped", "result.json"]));
        VaeClusterProcess.Run(folder.Path, "resume", "stopped").Succeeded();
        Assert.Equal(Enumerable.Range(1, Epochs * 13), RunFiles.Steps(folder["stopped"]));
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
        Assert.Contains("checkpoint step-00000026-g1 is damaged: model.safetensors differs from the manifest",
            result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(sha256, RunFiles.Sha256(folder["run"]));
        Assert.Equal(Enumerable.Range(1, 26), RunFiles.Steps(folder["run"]));
    }

    // Each session is let grow by up to a tenth of the log, then either to a checkpoint in writing or for some random spins, so that kills
    // also fall between two writes. The last tenth is left for the session that may end.
    private static void WaitForTheMoment(VaeClusterProcess process, string run, long whole, bool whileWriting, Random random)
    {
        string log = Path.Combine(run, "metrics.jsonl");
        long goal = Math.Min(Length(log) + (long)(random.NextDouble() * whole / 10), whole * 9 / 10);
        while (!process.HasExited && Unfinished(run)) Thread.Yield(); // what the kill before left
        while (!process.HasExited && Length(log) < goal) Thread.Yield();
        while (whileWriting && !process.HasExited && !Unfinished(run)) Thread.Yield();
        for (int spins = whileWriting ? 0 : random.Next(100_000); spins > 0 && !process.HasExited; spins--) Thread.SpinWait(10);
    }

    private static bool Unfinished(string run)
    {
        string checkpoints = Path.Combine(run, "checkpoints");
        return Directory.Exists(checkpoints) && Directory.GetDirectories(checkpoints, ".writing-*").Length > 0;
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
