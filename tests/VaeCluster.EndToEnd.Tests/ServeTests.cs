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

    private static VaeClusterProcess Serve(TemporaryFolder folder) => VaeClusterProcess.Start(
        folder.Path, new Dictionary<string, string>(), "serve", "--runs", folder["runs"], "--data", folder.Path, "--urls",
        "http://127.0.0.1:0");

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
