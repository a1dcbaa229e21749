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

        DateTime made = File.GetLastWriteTimeUtc(cached);
        IDataset streamed = Open("set", [.. fields, ("inMemory", false)]).Training;
        Assert.False(streamed.IsInMemory);
        Assert.Equal(first.Fingerprint(), streamed.Fingerprint());
        Assert.Equal(Bytes(first, 69), Bytes(streamed, 69));

        // Another time, name or folder is the same content, and is not decoded again.
        File.SetLastWriteTimeUtc(At("set/05.png"), DateTime.UtcNow.AddDays(-1));
        Directory.Move(At("set"), At("moved"));
        Assert.Equal(first.Fingerprint(), Open("moved", fields).Training.Fingerprint());
        Assert.Equal(made, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(At("cache"), "*.bin"))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Folders_of_equal_names_sizes_and_times_have_their_own_pixels(int kind)
    {
        // As they come out of two zip archives; kind 1 has one large file, of which only blocks are hashed.
        var time = new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach ((string folder, byte value) in new[] { ("one", (byte)10), ("two", (byte)20) })
        {
            int side = kind == 0 ? 8 : 1100;
            for (int i = 0; i < 3; i++)
            {
                byte[] pixels = new byte[side * side];
                Array.Fill(pixels, (byte)(value + i));
                Write($"{folder}/{i}.pgm", [.. System.Text.Encoding.ASCII.GetBytes($"P5 {side} {side} 255\n"), .. pixels]);
                File.SetLastWriteTimeUtc(At($"{folder}/{i}.pgm"), time);
            }
        }

        (string, object)[] fields = [("inMemory", false), ("size", (IReadOnlyList<long>)[4L])];
        Assert.Equal([10, 11, 12], Enumerable.Range(0, 3).Select(i => Bytes(Open("one", fields).Training, i)[0]));
        Assert.Equal([20, 21, 22], Enumerable.Range(0, 3).Select(i => Bytes(Open("two", fields).Training, i)[0]));

        // The same path with new contents of the same length and time, too.
        string file = At("one/1.pgm");
        byte[] changed = File.ReadAllBytes(file);
        Array.Fill(changed, (byte)99, 20, changed.Length - 20);
        File.WriteAllBytes(file, changed);
        File.SetLastWriteTimeUtc(file, time);
        Assert.NotEqual(11, Bytes(Open("one", fields).Training, 1)[3]);
    }

    [Fact]
    public void Folders_named_for_splits_are_splits_in_any_case()
    {
        Png("set/Train/cats/2.png", 1, 1, 2);
        Png("set/Train/cats/10.png", 1, 1, 10);
        Png("set/Train/dogs/1.png", 1, 1, 3);
        Png("set/TEST/dogs/1.png", 1, 1, 4);
        Png("set/valid/cats/1.png", 1, 1, 5);
        Png("set/extra/1.png", 1, 1, 6);
        DatasetPair pair = Open("set");
        Assert.Equal([2, 10, 3], Enumerable.Range(0, 3).Select(i => Bytes(pair.Training, i)[0]));
        Assert.Equal((1, 1), (pair.Test!.Count, pair.Validation!.Count));
        Assert.Equal((4, 5), (Bytes(pair.Test, 0)[0], Bytes(pair.Validation, 0)[0]));
        ILabels labels = Assert.IsAssignableFrom<ILabels>(pair.Training);
        Assert.Equal(["cats", "dogs"], labels.ClassNames!);
        Assert.Equal(1, Assert.IsAssignableFrom<ILabels>(pair.Test).Label(0));
        string note = Assert.Single(pair.Notes);
        Assert.Contains("Train is for training, valid for validation, TEST for tests; left out: extra", note, StringComparison.Ordinal);

        // Without a counterpart it is a class like any other.
        Png("plain/train/1.png", 1, 1, 1);
        Png("plain/wagon/1.png", 1, 1, 2);
        Assert.Equal(2, Open("plain").Training.Count);
        Png("twice/train/1.png", 1, 1, 1);
        Png("twice/val/1.png", 1, 1, 1);
        Png("twice/valid/1.png", 1, 1, 1);
        Assert.Contains("val and valid, which could both be", Refused("twice"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_the_test_folder_that_training_lacks_takes_only_the_classes_away()
    {
        Png("set/train/good/1.png", 1, 1, 1);
        Png("set/test/good/1.png", 1, 1, 2);
        Png("set/test/broken/1.png", 1, 1, 3);
        DatasetPair pair = Open("set");
        Assert.Equal(2, pair.Test!.Count);
        Assert.Null(pair.Test as ILabels);
        Assert.Contains(pair.Notes, note => note.Contains("class broken", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_of_other_kinds_are_named_in_a_note_or_refused_if_strict()
    {
        Png("set/a.png", 1, 1, 1);
        Write("set/README.txt", [1]);
        Write("set/.DS_Store", [1]);
        Write("set/Thumbs.db", [1]);
        Assert.Contains("README.txt", Assert.Single(Open("set").Notes), StringComparison.Ordinal);
        Assert.Contains("README.txt", Refused("set", ("strict", true)), StringComparison.Ordinal);
        Assert.Contains("strict: true", Refused("set", ("strict", true)), StringComparison.Ordinal);
        for (int i = 0; i < 9; i++) Write($"set/{i}.tif", [1]);
        Assert.Contains("10 files such as 0.tif, 1.tif, 2.tif", Assert.Single(Open("set").Notes), StringComparison.Ordinal);
        File.Delete(At("set/a.png"));
        Assert.Contains("has no images", Refused("set"), StringComparison.Ordinal);
        Assert.Contains("10 files such as 0.tif", Refused("set"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_16_bits_keep_every_level_and_their_range_is_said()
    {
        // 861 levels of a sensor with 12 bits, in a file of 16.
        int[] samples = [.. Enumerable.Range(0, 861).Select(i => i * 4)];
        File.WriteAllBytes(Made("set/a.png"), new PngBytes(861, 1, 16, 0, samples).Encode());
        DatasetPair pair = Open("set");
        float[] pixels = new float[861];
        pair.Training.Read(0, pixels);
        Assert.Equal([.. samples.Select(sample => (float)(sample / 65535.0))], pixels);
        Assert.Contains("from 0 to 3440; black is 0, white 65535; white: 3440 would", Assert.Single(pair.Notes), StringComparison.Ordinal);

        Open("set", ("white", 4095.0)).Training.Read(0, pixels);
        Assert.Equal([.. samples.Select(sample => (float)(sample / 4095.0))], pixels);
        Assert.Contains("value of 3004; allowed are 0 to 3000", Refused("set", ("white", 3000.0)), StringComparison.Ordinal);
        Assert.Contains("the values are from 0 to 3440", Refused("set", ("white", 3000.0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sixteen_bits_are_resized_and_cached_with_all_their_bits()
    {
        File.WriteAllBytes(Made("set/a.png"), new PngBytes(2, 2, 16, 0, [1000, 1001, 1003, 1005]).Encode());
        Write("set/b.pgm", [.. "P5 2 2 255\n"u8, 1, 1, 1, 1]);
        foreach (bool inMemory in (bool[])[true, false, false])
        {
            IDataset images = Open("set", ("size", (IReadOnlyList<long>)[1L]), ("inMemory", inMemory)).Training;
            float[] pixel = new float[1];
            images.Read(0, pixel);
            Assert.Equal((float)(1002 / 65535.0), pixel[0]);
            images.Read(1, pixel);
            Assert.Equal((float)(257 / 65535.0), pixel[0]);
        }
    }

    [Fact]
    public void Twelve_bits_of_a_PGM_are_white_at_its_own_maximum()
    {
        Write("set/a.pgm", [.. "P5 3 1 4095\n"u8, 0x0f, 0xff, 0, 1, 0, 0]);
        float[] pixels = new float[3];
        Open("set").Training.Read(0, pixels);
        Assert.Equal([1f, (float)(1 / 4095.0), 0f], pixels);
    }

    [Fact]
    public void Black_and_white_apply_to_8_bits_too()
    {
        Png("set/a.png", 3, 1, 50, 100, 150);
        float[] pixels = new float[3];
        Open("set", ("black", 50.0), ("white", 150.0)).Training.Read(0, pixels);
        Assert.Equal([0f, 0.5f, 1f], pixels);
        Assert.Contains("a number above black", Refused("set", ("black", 50.0), ("white", 50.0)), StringComparison.Ordinal);
    }

    [Fact]
    public void JPEGs_are_read_beside_PNGs_and_by_their_content_not_their_ending()
    {
        Write("set/a.jpg", PictureFixtures.Jpeg);
        Write("set/b.JPEG", PictureFixtures.ProgressiveJpeg);
        Write("set/c.png", PictureFixtures.Webp);
        Write("set/d.gif", PictureFixtures.Gif);
        Write("set/e.bmp", PictureFixtures.Bmp);
        IDataset images = Open("set", ("size", (IReadOnlyList<long>)[1L, 2L])).Training;
        Assert.Equal((5, new ImageShape(3, 1, 2)), (images.Count, images.Image));
        for (int i = 0; i < 5; i++)
        {
            int[] bytes = Bytes(images, i);
            int[] expected = [200, 20, 40, 60, 60, 220];
            for (int k = 0; k < 6; k++) Assert.InRange(bytes[k], expected[k] - 2, expected[k] + 2);
        }

        Write("set/f.jpg", [.. "<html>not found</html>"u8]);
        Assert.Contains("f.jpg: not a PNG, JPEG", Refused("set", ("size", (IReadOnlyList<long>)[4L])), StringComparison.Ordinal);
        Write("set/f.jpg", []);
        Assert.Contains("f.jpg: is empty", Refused("set", ("size", (IReadOnlyList<long>)[4L])), StringComparison.Ordinal);
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
    public void Folders_without_images_and_broken_links_are_refused()
    {
        Directory.CreateDirectory(At("empty"));
        Assert.Contains("has no images (.png", Refused("empty"), StringComparison.Ordinal);
        Assert.Contains("no such folder", Refused("none"), StringComparison.Ordinal);
        Png("set/a.png", 1, 1, 1);
        Assert.Contains("is a file", Refused("set/a.png"), StringComparison.Ordinal);
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
