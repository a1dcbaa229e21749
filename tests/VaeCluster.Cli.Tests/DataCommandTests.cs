using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Core.Formats;

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
        foreach (string word in (string[])["dsprites", "mnist", "idx", "npy", "npz", "images", "csv", "parquet", "hdf5", "path", "strides",
            "layout",
            "fashion-mnist", "data download NAME"])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inspection_tells_sizes_and_factors()
    {
        string file = _folder["run.yaml"];
        await File.WriteAllTextAsync(file, TrainedFolder.Text);
        Terminal result = await Terminal.RunAsync("data", "inspect", file);
        Assert.Equal(0, result.Code);
        foreach (string word in (string[])["training", "validation", "64×64", "orientation", "fingerprint"])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rendering_is_a_png_of_the_size_asked_for()
    {
        string file = _folder["sprites.png"];
        Terminal result = await Terminal.RunAsync("data", "render", "dsprites", "--count", "6", "--columns", "3", "--out", file);
        Assert.Equal((0, file), (result.Code, result.Output.Trim()));
        Assert.Equal(((3 * 65) + 1, (2 * 65) + 1), Png.SizeOf(file));
    }

    [Fact]
    public async Task An_inspection_tells_the_range_and_draws_a_sheet()
    {
        string file = _folder["images.npy"], sheet = _folder["sheet.png"];
        Npy.Write(file, [3, 1, 2], [0f, 0.25f, 0.5f, 0.75f, 0.5f, 0.5f]);
        Terminal result = await Terminal.RunAsync("data", "inspect", "npy", "--path", file, "--sheet", sheet);
        Assert.True(result.Code == 0, result.Error);
        foreach (string word in (string[])["3 images", "1×2", "0.4167 over 3", "0.0000 to 0.7500", "83.3 % neither", sheet])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
        Assert.True(Png.SizeOf(sheet).Width > 3);
    }

    [Fact]
    public async Task An_inspection_tells_classes_order_and_how_the_data_was_read()
    {
        foreach ((string file, byte value) in new (string, byte)[]
        {
            ("set/train/dogs/2.pgm", 1), ("set/train/dogs/10.pgm", 2), ("set/train/cats/1.pgm", 3), ("set/test/cats/1.pgm", 4),
            ("set/train/README.txt", 5),
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            await File.WriteAllBytesAsync(_folder[file], [.. "P5 1 1 255\n"u8, value]);
        }

        Terminal result = await Terminal.RunAsync("data", "inspect", "images", "--path", _folder["set"]);
        Assert.True(result.Code == 0, result.Error);
        foreach (string word in (string[])["training     3 images", "test         1 images", "order        by name", "2 before 10",
            "labels       2 classes\n  cats       1 images\n  dogs       2 images\n", "train is for training, test for tests",
            "left out, since they are not images: README.txt"])
            Assert.Contains(word, result.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inspection_tells_the_range_of_16_bits()
    {
        Directory.CreateDirectory(_folder["set"]);
        await File.WriteAllBytesAsync(_folder["set/a.pgm"], [.. "P5 2 1 65535\n"u8, 0, 7, 0x0f, 0xff]);
        Terminal result = await Terminal.RunAsync("data", "inspect", "images", "--path", _folder["set"]);
        Assert.Contains("stored values are from 7 to 4095; black is 0, white 65535; white: 4095", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_of_an_unknown_set_or_from_no_address_is_one_line()
    {
        Terminal unknown = await Terminal.RunAsync("data", "download", "mnits");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("did you mean 'mnist'", unknown.Error, StringComparison.Ordinal);
        Terminal address = await Terminal.RunAsync("data", "download", "mnist", "--mirror", "ftp://server");
        Assert.Equal(2, address.Code);
        Assert.Contains("--mirror", address.Error, StringComparison.Ordinal);
    }
}
