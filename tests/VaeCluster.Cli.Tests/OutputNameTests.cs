using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

public sealed class OutputNameTests(TrainedFolder trained) : IClassFixture<TrainedFolder>
{
    [Theory]
    [InlineData("sample")]
    [InlineData("traverse")]
    [InlineData("interpolate")]
    [InlineData("manifold")]
    [InlineData("reconstruct")]
    public async Task A_picture_is_a_png_by_its_name_too(string verb)
    {
        foreach (string name in (string[])["x.jpg", "x.svg", "x.PNG.txt", "x.pdf"])
        {
            string path = trained[$"{verb}-{name}"];
            Terminal refused = await Terminal.RunAsync(verb, trained.Run, "--out", path);
            Assert.Equal(2, refused.Code);
            Assert.StartsWith($"error: --out is '{path}': a name that ends in .png", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd().Split('\n'));
            Assert.False(File.Exists(path));
        }

        foreach (string name in (string[])["upper.PNG", "plain"])
        {
            string path = trained[$"{verb}-{name}"];
            Assert.Equal(0, (await Terminal.RunAsync(verb, trained.Run, "--out", path)).Code);
            Assert.Equal((byte)'P', (await File.ReadAllBytesAsync(path))[1]);
        }
    }

    [Theory]
    [InlineData("data inspect dsprites --sheet", "--sheet")]
    [InlineData("data render dsprites --out", "--out")]
    public async Task A_sheet_is_a_png_by_its_name_too(string line, string option)
    {
        string path = trained["sheet.jpeg"];
        Terminal refused = await Terminal.RunAsync([.. line.Split(' '), path]);
        Assert.Equal(2, refused.Code);
        Assert.StartsWith($"error: {option} is '{path}': a name that ends in .png", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_folder_is_no_place_for_a_picture()
    {
        Directory.CreateDirectory(trained["folder.png"]);
        foreach (string folder in (string[])[trained["folder.png"], trained["new"] + "/", "", "."])
        {
            Terminal refused = await Terminal.RunAsync("sample", trained.Run, "--out", folder);
            Assert.Equal(2, refused.Code);
            Assert.Contains("a file to write; this is a folder", refused.Error, StringComparison.Ordinal);
            refused = await Terminal.RunAsync("export", trained.Run, folder);
            Assert.Equal(2, refused.Code);
            Assert.Contains("a file to write; this is a folder", refused.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a name that ends in .safetensors or .npz", "m.pt")]
    [InlineData("a name that ends in .safetensors or .npz", "m.pth")]
    [InlineData("a name that ends in .safetensors or .npz", "m.h5")]
    [InlineData("a name that ends in .npz", "m.safetensors", "--format", "npz")]
    [InlineData("a name that ends in .safetensors", "m.npz", "--format", "safetensors")]
    [InlineData("a folder, for several files are written", "m.onnx", "--format", "onnx")]
    [InlineData("a folder, for several files are written", "m.safetensors", "--format", "onnx")]
    public async Task An_export_is_what_its_name_says(string allowed, string name, params string[] options)
    {
        Terminal refused = await Terminal.RunAsync(["export", trained.Run, trained[name], .. options]);
        Assert.Equal(2, refused.Code);
        Assert.StartsWith($"error: FILE is '{trained[name]}': {allowed}", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Assert.False(Path.Exists(trained[name]));
    }

    [Theory]
    [InlineData("upper.NPZ", 'P')]
    [InlineData("archive.npz", 'P')]
    [InlineData("upper.SafeTensors", '\0')]
    [InlineData("plain-model", '\0')]
    public async Task The_name_chooses_the_format(string name, char second)
    {
        string path = trained[name];
        Terminal result = await Terminal.RunAsync("export", trained.Run, path);
        Assert.True(result.Code == 0, result.Error);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        // A zip archive begins with PK, a safetensors file with the length of its header.
        Assert.Equal(second == 'P' ? "PK"u8.ToArray() : [0, (byte)'{'], second == 'P' ? bytes[..2] : bytes[7..9]);
    }
}
