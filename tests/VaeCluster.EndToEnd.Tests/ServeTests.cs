using System.Text.Json;

namespace VaeCluster.EndToEnd.Tests;

public sealed class ServeTests
{
    [Fact]
    public async Task A_run_killed_with_its_server_goes_on_with_the_next_one_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string file = SmallData.WriteRun(folder, epochs: 300);
        VaeClusterProcess.Run(folder.Path, "train", file, "--out", folder["trained"]).Succeeded();

        using (VaeClusterProcess server = Serve(folder))
        {
            string url = AddressIn(await server.FirstLine);
            VaeClusterProcess.Run(folder.Path, "submit", file, "--server", url, "--workers", "2", "--detach").Succeeded();
            await FirstEventAsync(url);
            server.Kill();
        }

        using (VaeClusterProcess server = Serve(folder))
        {
            string url = AddressIn(await server.FirstLine);
            VaeClusterProcess.Run(folder.Path, "status", "001-bars", "--follow", "--server", url).Succeeded();
        }

        string run = folder["runs/001-bars"];
        Assert.Equal(RunFiles.Sha256(folder["trained"]), RunFiles.Sha256(run));
        Assert.Equal(RunFiles.Steps(folder["trained"]), RunFiles.Steps(run));
    }

    [RequiresFact(Requirement.PosixShell)]
    public async Task With_a_token_what_the_server_writes_is_its_users_alone_and_a_short_token_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = SmallData.WriteRun(folder, epochs: 2);
        File.WriteAllText(folder["short"], "fifteen-letters\n");
        ProcessResult refused = VaeClusterProcess.Run(folder.Path, "serve", "--runs", folder["runs"], "--token-file", folder["short"]);
        Assert.Equal(2, refused.ExitCode);
        string line = Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("a token of at least 16 characters", line, StringComparison.Ordinal);
        Assert.DoesNotContain("fifteen-letters", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["runs"]));

        File.WriteAllText(folder["token"], "sixteen-letters-\n");
        using VaeClusterProcess server = Serve(folder, "--token-file", folder["token"]);
        string[] with = ["--server", AddressIn(await server.FirstLine), "--token-file", folder["token"]];
        VaeClusterProcess.Run(folder.Path, ["submit", file, .. with]).Succeeded();
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["runs"]));
        foreach (string path in Directory.EnumerateFileSystemEntries(folder["runs"], "*", SearchOption.AllDirectories))
        {
            UnixFileMode expected = Directory.Exists(path) ? ReadWrite | UnixFileMode.UserExecute : ReadWrite;
            Assert.True(File.GetUnixFileMode(path) == expected, $"{path}: {File.GetUnixFileMode(path)}");
        }
    }

    private static VaeClusterProcess Serve(TemporaryFolder folder, params string[] options) => VaeClusterProcess.Start(
        folder.Path, new Dictionary<string, string>(), ["serve", "--runs", folder["runs"], "--data", folder.Path, "--urls",
        "http://127.0.0.1:0", .. options]);

    private static string AddressIn(string line) =>
        line.Split(' ', ',').First(word => word.StartsWith("http://", StringComparison.Ordinal));

    // Once the first line of metrics is out, the run is on its way.
    private static async Task FirstEventAsync(string url)
    {
        using var client = new HttpClient();
        using var lines = new StreamReader(await client.GetStreamAsync(new Uri($"{url}/api/v1/runs/001-bars/events")));
        string? line;
        do line = await lines.ReadLineAsync();
        while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(line!["data: ".Length..]);
        Assert.Equal("step", json.RootElement.GetProperty("kind").GetString());
    }
}
