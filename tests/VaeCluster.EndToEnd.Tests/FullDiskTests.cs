using System.Diagnostics;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>A disk that a run's checkpoints fill.</summary>
public sealed class FullDiskTests
{
    [RequiresFact(Requirement.MountedDisk)]
    public void A_full_disk_keeps_the_last_checkpoint_and_with_room_the_run_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "undisturbed").Succeeded();

        // A checkpoint takes some 730 KB: two fit, the third does not.
        string disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Mount("-t", "tmpfs", "-o", "size=1800k", "tmpfs", disk);
        try
        {
            string run = folder["disk", "run"], checkpoints = folder["disk", "run", "checkpoints"];
            ProcessResult full = VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", run);
            Assert.True(full.ExitCode == 1, $"exit code {full.ExitCode}: {full.Output}{full.Error}");
            string line = Assert.Single(full.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("No space left on device", line, StringComparison.Ordinal);
            Assert.Contains(run, line, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(run, "result.json")));
            Assert.NotEmpty(Directory.GetDirectories(checkpoints, "step-*"));
            Assert.Empty(Directory.GetDirectories(checkpoints, ".*"));

            Mount("-o", "remount,size=32m", disk);
            VaeClusterProcess.Run(folder.Path, "resume", run).Succeeded();
            Assert.Equal(RunFiles.Sha256(folder["undisturbed"]), RunFiles.Sha256(run));
            Assert.Equal(RunFiles.Steps(folder["undisturbed"]), RunFiles.Steps(run));
        }
        finally
        {
            // Also while a process that has just been killed holds a file.
            Execute("umount", "-l", disk);
        }
    }

    [RequiresFact(Requirement.MountedDisk)]
    public async Task A_submission_to_a_server_with_a_full_disk_is_refused_with_507_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string file = SmallData.WriteRun(folder), disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", disk);
        try
        {
            using (VaeClusterProcess server = VaeClusterProcess.Start(folder.Path, new Dictionary<string, string>(), "serve", "--runs",
                folder["disk", "runs"], "--data", folder.Path, "--urls", "http://127.0.0.1:0"))
            {
                string url = (await server.FirstLine).Split(' ', ',').First(word => word.StartsWith("http://", StringComparison.Ordinal));
                Assert.Throws<IOException>(() => File.WriteAllBytes(folder["disk", "filler"], new byte[1 << 20]));
                using var client = new HttpClient();
                using var body = new StringContent(await File.ReadAllTextAsync(file));
                body.Headers.ContentType = new("application/yaml");
                using HttpResponseMessage answer = await client.PostAsync(new Uri($"{url}/api/v1/runs"), body);
                Assert.Equal(507, (int)answer.StatusCode);
                Assert.Contains("is full; free some space", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.Empty(Directory.GetDirectories(folder["disk", "runs"]));
            }
        }
        finally
        {
            // Also while a process that has just been killed holds a file.
            Execute("umount", "-l", disk);
        }
    }

    private static void Mount(params string[] arguments) => Assert.Equal(0, Execute("mount", arguments));

    private static int Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
