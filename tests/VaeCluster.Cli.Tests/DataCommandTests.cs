using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_list_names_datasets_and_their_fields()
    {
        Terminal result = await Terminal.RunAsync("data", "list");
        Assert.Equal(0, result.Code);
        foreach (string word in (string[])["dsprites", "mnist", "idx", "path", "strides"]) Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inspection_tells_sizes_and_factors()
    {
        string file = _folder["run.yaml"];
        await File.WriteAllTextAsync(file, TrainedFolder.Text);
        Terminal result = await Terminal.RunAsync("data", "inspect", file);
        Assert.Equal(0, result.Code);
        foreach (string word in (string[])["training", "validation", "64×64", "orientation", "fingerprint"]) Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rendering_is_a_png_of_the_size_asked_for()
    {
        string file = _folder["sprites.png"];
        Terminal result = await Terminal.RunAsync("data", "render", "dsprites", "--count", "6", "--columns", "3", "--out", file);
        Assert.Equal((0, file), (result.Code, result.Output.Trim()));
        Assert.Equal(((3 * 65) + 1, (2 * 65) + 1), Png.SizeOf(file));
    }
}
