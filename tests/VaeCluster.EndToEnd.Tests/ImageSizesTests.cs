using System.Text.Json;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Images of other sizes than MNIST's, grey and colour, with Gaussian likelihoods.</summary>
public sealed class ImageSizesTests
{
    [Theory]
    [InlineData(20, 14, 1, "gaussian")]
    [InlineData(20, 14, 1, "gaussian-shared")]
    [InlineData(9, 16, 3, "gaussian-fixed")]
    public void A_gaussian_run_on_images_of_any_size_trains_and_reports(int height, int width, int channels, string likelihood)
    {
        using var folder = new TemporaryFolder();
        SmallData.WriteRun(folder, epochs: 12, likelihood);
        SmallData.WriteIdx(folder["images.idx"], 480, height, width, channels);
        VaeClusterProcess.Run(folder.Path, "train", "run.yaml", "--out", "run", "--workers", "2", "--set", "data.binarize=none")
            .Succeeded();

        double[] elbo = [.. RunFiles.Metrics(folder["run"]).Where(line => Kind(line) == "epoch")
            .Select(line => line.GetProperty("elbo").GetDouble())];
        Assert.Equal(12, elbo.Length);
        Assert.True(elbo[^1] > elbo[0], $"the bound went from {elbo[0]} to {elbo[^1]}");
        Assert.True(double.IsFinite(RunFiles.Result(folder["run"]).GetProperty("test").GetProperty("elbo").GetDouble()));
        Assert.True(File.Exists(folder["run", "report.html"]));

        VaeClusterProcess.Run(folder.Path, "reconstruct", "run", "--out", "figure.png").Succeeded();
        (int figureWidth, int figureHeight) = PngCheck.Decode(File.ReadAllBytes(folder["figure.png"]));
        Assert.True(figureWidth >= width && figureHeight >= 2 * height);
    }

    private static string? Kind(JsonElement line) => line.GetProperty("kind").GetString();
}
