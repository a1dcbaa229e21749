using System.Text.RegularExpressions;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>The first command that a new user types, shortened.</summary>
public sealed partial class QuickstartTests
{
    [Fact]
    public void The_quick_start_ends_with_a_report_that_needs_no_network_and_whose_images_decode()
    {
        using var folder = new TemporaryFolder();
        ProcessResult result = VaeClusterProcess.Run(
            folder.Path, "quickstart", "--out", "run", "--set", "training.epochs=1", "--set", "data.limit=2560", "--set",
            "model.hidden=[32]").Succeeded();
        Assert.Contains("ELBO", result.Output, StringComparison.Ordinal);
        Assert.Contains($"report  {Path.Combine("run", "report.html")}", result.Output, StringComparison.Ordinal);

        string report = File.ReadAllText(folder["run", "report.html"]);
        string[] loaded = [.. References().Matches(report).Select(match => match.Groups["target"].Value)];
        Assert.All(loaded, target => Assert.Matches("^(data:|#)", target));
        string[] images = [.. loaded.Where(target => target.StartsWith("data:image/png;base64,", StringComparison.Ordinal))];
        Assert.True(images.Length >= 3, "reconstructions, samples and traversals are expected");
        Assert.All(images, image => PngCheck.Decode(Convert.FromBase64String(image[(image.IndexOf(',', StringComparison.Ordinal) + 1)..])));
    }

    // All that makes a browser load something: attributes, and url() and @import of style sheets.
    [GeneratedRegex("""(?:\b(?:src|href|srcset|poster|data|action)\s*=\s*["'](?<target>[^"']*)|url\(\s*["']?(?<target>[^"')]*)|@import\s+["']?(?<target>[^"';]*))""")]
    private static partial Regex References();
}
