using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class ImagesDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_sorted_by_name_whatever_their_format()
    {
        Png("set/b.png", 2, 1, 10, 20);
        Write("set/a.pgm", [.. "P5 2 1 255\n"u8, 1, 2]);
        Write("set/deep/er/c.PGM", [.. "P5 2 1 255\n"u8, 30, 40]);
        Write("set/B.ppm", [.. "P6 2 1 255\n"u8, 5, 5, 5, 6, 6, 6]);
        Write("set/.hidden.png", [1, 2, 3]);
        Write("set/notes.txt", [1, 2, 3]);
        IDataset images = Open("set", ("channels", "grey")).Training;

        Assert.Equal((4, new ImageShape(1, 1, 2)), (images.Count, images.Image));
        Assert.Equal([[5, 6], [1, 2], [10, 20], [30, 40]], Enumerable.Range(0, 4).Select(index => Bytes(images, index)));
        Assert.Null(images as ILabels);
    }

    [Fact]
    public void Images_are_colour_if_any_file_is()
    {
        Png("set/a.png", 1, 1, 10);
        Write("set/b.ppm", [.. "P6 1 1 255\n"u8, 1, 2, 3]);
        IDataset images = Open("set").Training;
        Assert.Equal(new ImageShape(3, 1, 1), images.Image);
        Assert.Equal([10, 10, 10], Bytes(images, 0));
        Assert.Equal([1, 2, 3], Bytes(images, 1));
    }

    [Fact]
    public void Subfolders_are_classes_if_all_files_are_in_subfolders()
    {
        Png("set/cats/1.png", 1, 1, 1);
        Png("set/dogs/1.png", 1, 1, 2);
        Png("set/ants/deep/1.png", 1, 1, 3);
        Png("test/dogs/1.png", 1, 1, 4);
        DatasetPair pair = Open("set", ("testPath", At("test")));
        ILabels labels = Assert.IsAssignableFrom<ILabels>(pair.Training);
        Assert.Equal((3, 0, 1, 2), (labels.Classes, labels.Label(0), labels.Label(1), labels.Label(2)));
        Assert.Equal(2, Assert.IsAssignableFrom<ILabels>(pair.Test).Label(0));

        Png("test/bees/1.png", 1, 1, 4);
        Assert.Contains("class not found in the training images", Refused("set", ("testPath", At("test"))), StringComparison.Ordinal);
        Png("set/loose.png", 1, 1, 5);
        Assert.Null(Open("set").Training as ILabels);
    }

    [Fact]
    public void Mixed_sizes_need_the_size_field()
    {
        Png("set/a.png", 2, 2, 0, 10, 20, 30);
        Png("set/b.png", 4, 2, 1, 1, 2, 2, 1, 1, 2, 2);
        string message = Refused("set");
        Assert.Contains("b.png", message, StringComparison.Ordinal);
        Assert.Contains("is 2×4, a.png is 2×2", message, StringComparison.Ordinal);
        Assert.Contains("size: [64, 64]", message, StringComparison.Ordinal);

        IDataset stretched = Open("set", ("size", (IReadOnlyList<long>)[1L]), ("fit", "stretch")).Training;
        Assert.Equal(new ImageShape(1, 1, 1), stretched.Image);
        Assert.Equal([15], Bytes(stretched, 0));
        IDataset wide = Open("set", ("size", (IReadOnlyList<long>)[1L, 2L]), ("fit", "stretch")).Training;
        Assert.Equal([1, 2], Bytes(wide, 1));
        IDataset middle = Open("set", ("size", (IReadOnlyList<long>)[2L, 2L])).Training;
        Assert.Equal([1, 2, 1, 2], Bytes(middle, 1));
        Assert.Contains("[height, width]", Refused("set", ("size", (IReadOnlyList<long>)[2L, 2L, 3L])), StringComparison.Ordinal);
    }

    [Fact]
    public void Test_images_must_match_the_size_and_channels_of_training()
    {
        Png("set/a.png", 2, 1, 1, 2);
        Write("test/b.ppm", [.. "P6 2 1 255\n"u8, 3, 3, 3, 4, 4, 4]);
        Assert.Equal(new ImageShape(1, 1, 2), Open("set", ("testPath", At("test"))).Test!.Image);
        Png("test/c.png", 1, 1, 5);
        Assert.Contains("training images are 1×2", Refused("set", ("testPath", At("test"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_sets_are_decoded_once_and_read_from_the_cache()
    {
        for (int i = 0; i < 70; i++) File.WriteAllBytes(Made($"set/{i:00}.png"), PngReaderTests.Random(0, 8, 128, 128 + (i % 2)).Encode());
        (string, object)[] fields = [("size", (IReadOnlyList<long>)[128L])];
        IDataset first = Open("set", fields).Training;
        Assert.True(first.IsInMemory);
        string cached = Assert.Single(Directory.GetFiles(At("cache"), "*.bin"));
        Assert.Equal(70 * 128 * 128, new FileInfo(cached).Length);

        // Damage a file without changing its time: decoding it again would fail.
        DateTime time = File.GetLastWriteTimeUtc(At("set/05.png"));
        byte[] original = File.ReadAllBytes(At("set/05.png"));
        File.WriteAllBytes(At("set/05.png"), new byte[original.Length]);
        File.SetLastWriteTimeUtc(At("set/05.png"), time);
        IDataset streamed = Open("set", [.. fields, ("inMemory", false)]).Training;
        Assert.False(streamed.IsInMemory);
        Assert.Equal(first.Fingerprint(), streamed.Fingerprint());
        Assert.Equal(Bytes(first, 69), Bytes(streamed, 69));

        // With a new time the file is decoded again, and the damage found.
        File.SetLastWriteTimeUtc(At("set/05.png"), time.AddSeconds(1));
        Assert.Contains("05.png", Refused("set", fields), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_damaged_file_by_name_is_reported()
    {
        for (int i = 0; i < 20; i++) Png($"set/{i:00}.png", 1, 1, i);
        byte[] damaged = File.ReadAllBytes(At("set/07.png"));
        damaged[^20] ^= 1;
        foreach (int bad in (int[])[13, 7, 17]) File.WriteAllBytes(At($"set/{bad:00}.png"), damaged);
        string message = Refused("set");
        Assert.Contains("07.png", message, StringComparison.Ordinal);
        Assert.Contains("CRC", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_images_other_formats_and_broken_links_are_refused()
    {
        Directory.CreateDirectory(At("empty"));
        Assert.Contains("has no images (.png", Refused("empty"), StringComparison.Ordinal);
        Assert.Contains("no such folder", Refused("none"), StringComparison.Ordinal);
        Png("set/a.png", 1, 1, 1);
        Assert.Contains("is a file", Refused("set/a.png"), StringComparison.Ordinal);
        Write("set/b.jpeg", [0xff, 0xd8]);
        Assert.Contains("convert it", Refused("set"), StringComparison.Ordinal);
        File.Delete(At("set/b.jpeg"));
        File.CreateSymbolicLink(At("set/c.png"), At("nowhere.png"));
        Assert.Contains("broken symbolic link", Refused("set"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_followed_but_circular_links_are_refused()
    {
        Png("elsewhere/a.png", 1, 1, 7);
        Directory.CreateDirectory(At("set"));
        Directory.CreateSymbolicLink(At("set/linked"), At("elsewhere"));
        File.CreateSymbolicLink(At("set/b.png"), At("elsewhere/a.png"));
        Assert.Equal(2, Open("set").Training.Count);
        Directory.CreateSymbolicLink(At("set/circle"), At("set"));
        Assert.Contains("symbolic link to one of its parent folders", Refused("set"), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private string Made(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        return At(name);
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(Made(name), content);

    private void Png(string name, int width, int height, params int[] samples) =>
        Write(name, new PngBytes(width, height, 8, 0, samples).Encode());

    private static int[] Bytes(IDataset images, int index)
    {
        float[] pixels = new float[images.Image.Pixels];
        images.Read(index, pixels);
        return [.. pixels.Select(pixel => (int)MathF.Round(pixel * 255f))];
    }

    private DatasetPair Open(string path, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = At(path);
        values.TryAdd("fit", "crop");
        return ImagesDataset.Open(new MemberSpec("images", values), new StorageOptions { Cache = new CacheFolder(At("cache")) });
    }

    private string Refused(string path, params (string Name, object Value)[] fields)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Open(path, fields));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
