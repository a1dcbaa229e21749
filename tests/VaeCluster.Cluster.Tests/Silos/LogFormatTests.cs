using System.Text.Json;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>A silo's log for programs.</summary>
public sealed class LogFormatTests
{
    [RequiresFact(Requirement.PosixShell)]
    public async Task With_the_json_log_format_every_line_from_first_to_last_is_an_object()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync("--log-format", "json", "--verbose");
        silo.Terminate();
        ProgramResult end = (await silo.EndAsync()).Succeeded();
        string[] own = Messages(end.Output);
        Assert.Contains("listening on http://127.0.0.1:", own[0], StringComparison.Ordinal);
        Assert.Equal("left the cluster", own[^1]);
        Assert.NotEmpty(Messages(end.Error));
    }

    private static string[] Messages(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Contains(json.RootElement.GetProperty("level").GetString(), (string[])["info", "warning", "error"]);
            Assert.NotEqual(default, json.RootElement.GetProperty("time").GetDateTimeOffset());
            return json.RootElement.GetProperty("message").GetString()!;
        }),
    ];
}
