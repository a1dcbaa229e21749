using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Tests.Arrays;

public sealed class NpyDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bytes_are_divided_by_255_in_memory_and_from_the_file(bool inMemory)
    {
        IDataset images = Open(NpyBytes.Counting(7, 5, 9), ("inMemory", inMemory)).Training;

        Assert.Equal(inMemory, images.IsInMemory);
        Assert.Equal((7, new ImageShape(1, 5, 9)), (images.Count, images.Image));
        for (int index = 0; index < 7; index++)
            Assert.Equal([.. Enumerable.Range(index * 45, 45).Select(i => (byte)i / 255f)], Pixels(images, index));
    }

    [Fact]
    public void Channels_are_found_first_and_last()
    {
        byte[] last = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16], first = [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16];
        IDataset fromLast = Open(NpyBytes.Bytes([2, 1, 2, 3], last), ("layout", "channels-last")).Training;
        IDataset fromFirst = Open(NpyBytes.Bytes([2, 3, 1, 2], first)).Training;

        Assert.Equal(new ImageShape(3, 1, 2), fromLast.Image);
        Assert.Equal(new ImageShape(3, 1, 2), fromFirst.Image);
        Assert.Equal([11 / 255f, 14 / 255f, 12 / 255f, 15 / 255f, 13 / 255f, 16 / 255f], Pixels(fromLast, 1));
        Assert.Equal(Pixels(fromFirst, 1), Pixels(fromLast, 1));
        Assert.Equal(fromFirst.Fingerprint(), fromLast.Fingerprint());
    }

    [Theory]
    [InlineData(4, 1, 6, 5, 1, 6, 5)]
    [InlineData(4, 6, 5, 1, 1, 6, 5)]
    [InlineData(4, 6, 5, 3, 3, 6, 5)]
    [InlineData(4, 3, 6, 5, 3, 6, 5)]
    [InlineData(4, 1, 6, 1, 1, 1, 6)]
    public void A_dimension_of_size_1_or_3_is_taken_as_the_channels(
        int count, int second, int third, int fourth, int channels, int height, int width) =>
        Assert.Equal(new ImageShape(channels, height, width), Open(NpyBytes.Counting(count, second, third, fourth)).Training.Image);

    [Fact]
    public void Floating_point_numbers_are_not_scaled()
    {
        float[] values = [0f, 0.1f, 1f, 0.7f, 0.3f, 0.25f];
        foreach (bool inMemory in (bool[])[true, false])
        {
            Assert.Equal(values[3..], Pixels(Open(NpyBytes.Singles([2, 1, 3], values), ("inMemory", inMemory)).Training, 1));
            Assert.Equal(values[3..], Pixels(
                Open(NpyBytes.Doubles([2, 1, 3], [.. values.Select(value => (double)value)]), ("inMemory", inMemory)).Training, 1));
        }
    }

    [Fact]
    public void Black_and_white_map_other_ranges_to_0_to_1()
    {
        Assert.Equal([0f, 0.5f, 1f], Pixels(Open(NpyBytes.Singles([1, 1, 3], -1f, 0f, 1f), ("black", -1.0)).Training, 0));
        Assert.Equal([0f, 0.2f, 1f], Pixels(Open(NpyBytes.Doubles([1, 1, 3], 0, 51, 255), ("white", 255.0)).Training, 0));
        Assert.Equal([0f, 0.5f, 1f], Pixels(Open(NpyBytes.Bytes([1, 1, 3], 10, 15, 20), ("black", 10.0), ("white", 20.0)).Training, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bytes_that_are_all_0_or_1_are_not_divided_by_255(bool inMemory)
    {
        Assert.Equal([0f, 1f], Pixels(Open(NpyBytes.Bytes([1, 1, 2], 0, 1), ("inMemory", inMemory)).Training, 0));
        Assert.Equal([0f, 1f], Pixels(Open(NpyBytes.Of("|b1", [1, 1, 2], [0, 1]), ("inMemory", inMemory)).Training, 0));
        Assert.Equal([0f, 1 / 255f], Pixels(Open(NpyBytes.Bytes([2, 1, 2], 0, 1, 0, 2), ("inMemory", inMemory)).Training, 0));
        Assert.Equal([0f, 1 / 255f], Pixels(Open(NpyBytes.Bytes([1, 1, 2], 0, 1), ("inMemory", inMemory), ("white", 255.0)).Training, 0));
    }

    [Fact]
    public void Test_images_come_from_their_own_file_and_must_have_the_training_size()
    {
        string test = _folder.Write("test.npy", NpyBytes.Counting(2, 4, 4)), wide = _folder.Write("wide.npy", NpyBytes.Counting(2, 4, 5));
        Assert.Equal(2, Open(NpyBytes.Counting(3, 4, 4), ("testPath", test)).Test!.Count);
        Assert.Null(Open(NpyBytes.Counting(3, 4, 4)).Test);
        Assert.Contains("4×5", Assert.Throws<BadInputException>(
            () => Open(NpyBytes.Counting(3, 4, 4), ("testPath", wide))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_depends_on_content_but_not_on_format_or_storage()
    {
        string idx = _folder.Write("images.idx", IdxBytes.Images(4, 2, 3));
        byte[] content = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        string fromIdx = Datasets.Open(new MemberSpec("idx", new Dictionary<string, object> { ["path"] = idx })).Training.Fingerprint();
        Assert.Equal(fromIdx, Open(NpyBytes.Bytes([4, 2, 3], content)).Training.Fingerprint());
        Assert.Equal(fromIdx, Open(NpyBytes.Bytes([4, 2, 3], content), ("inMemory", false)).Training.Fingerprint());

        float[] values = [.. content.Select(value => value / 255f)];
        string[] others =
        [
            fromIdx,
            Open(NpyBytes.Bytes([4, 3, 2], content)).Training.Fingerprint(),
            Open(NpyBytes.Bytes([4, 2, 3], content), ("white", 300.0)).Training.Fingerprint(),
            Open(NpyBytes.Singles([4, 2, 3], values)).Training.Fingerprint(),
            Open(NpyBytes.Bytes([4, 2, 3], [.. content[..^1], 99])).Training.Fingerprint(),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.Equal(others[3], Open(
            NpyBytes.Doubles([4, 2, 3], [.. values.Select(value => (double)value)]), ("inMemory", false)).Training.Fingerprint());
    }

    [Fact]
    public void Arrays_above_the_memory_limit_stay_in_the_file()
    {
        string path = _folder.Write("images.npy", NpyBytes.Counting(4, 4, 4));
        MemberSpec spec = Spec(path);
        Assert.True(NpyDataset.Open(spec, new StorageOptions { MemoryLimit = 64 }).Training.IsInMemory);
        Assert.False(NpyDataset.Open(spec, new StorageOptions { MemoryLimit = 63 }).Training.IsInMemory);
    }

    [Fact]
    public void A_file_truncated_while_in_use_is_reported()
    {
        string path = _folder.Write("images.npy", NpyBytes.Counting(100, 4, 4));
        IDataset images = NpyDataset.Open(Spec(path, ("inMemory", false)), new StorageOptions()).Training;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(file.Length / 2);
        Assert.Contains("was truncated", Assert.Throws<BadInputException>(() => Pixels(images, 99)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<c8", "descr", "astype")]
    [InlineData("|S1", "descr", "astype")]
    [InlineData("|O", "'|O'", "refused")]
    public void A_wrong_type_is_refused(string descr, params string[] words) =>
        Refused(NpyBytes.Of(descr, [1, 2, 2], new byte[descr[^1] switch { '8' or 'O' => 32, _ => 4 }]), words);

    [Theory]
    [InlineData(new[] { 4 }, "shape", "(4)", "reshape")]
    [InlineData(new[] { 2, 2 }, "(2, 2)", "size: [height, width]")]
    [InlineData(new[] { 1, 2, 1, 2, 1 }, "reshape")]
    [InlineData(new[] { 0, 2, 2 }, "at least 1 image")]
    [InlineData(new[] { 2, 0, 2 }, "at least 1 pixel")]
    [InlineData(new[] { 1, 2, 2, 2 }, "1 or 3 channels")]
    [InlineData(new[] { 2, 3, 5, 3 }, "layout: channels-first or layout: channels-last")]
    [InlineData(new[] { 2, 3, 5, 1 }, "layout: channels-first or layout: channels-last")]
    public void A_shape_that_is_not_of_images_is_refused(int[] shape, params string[] words) => Refused(NpyBytes.Counting(shape), words);

    [Fact]
    public void A_layout_that_contradicts_the_shape_is_refused() =>
        Assert.Contains("gives 5 channels", Assert.Throws<BadInputException>(
            () => Open(NpyBytes.Counting(2, 3, 4, 5), ("layout", "channels-last"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_truncated_anywhere_is_refused()
    {
        byte[] whole = NpyBytes.Counting(3, 4, 4);
        for (int length = 0; length < whole.Length; length++) Refused(whole[..length]);
        Refused(whole[..^1], "3 × 4 × 4", "48 in total", "has 47");
        Refused([.. whole, 0], "48 in total", "has 49");
    }

    [Theory]
    [InlineData(1.5f, "1.5")]
    [InlineData(-0.25f, "-0.25")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(255f, "255")]
    public void Pixels_out_of_range_are_refused(float value, string named)
    {
        Refused(NpyBytes.Singles([2, 1, 2], 0f, 1f, 0.5f, value), "image 1", named, "0 to 1", "black and white");
        Refused(NpyBytes.Bytes([2, 1, 2], 0, 10, 5, 11), [("white", 10.0)], "image 1", "a pixel value of 11", "0 to 10");
    }

    [Fact]
    public void White_that_is_not_above_black_is_refused() =>
        Refused(NpyBytes.Counting(1, 2, 2), [("black", 5.0), ("white", 5.0)], "white", "above black, 5");

    [Fact]
    public void A_missing_file_a_folder_or_another_format_is_refused()
    {
        Assert.Contains("no such file", Assert.Throws<BadInputException>(
            () => NpyDataset.Kind.Open(Spec(Path.Combine(_folder.Path, "none")))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<BadInputException>(
            () => NpyDataset.Kind.Open(Spec(_folder.Path))).Message, StringComparison.Ordinal);
        Refused(IdxBytes.Images(2, 3, 3), "not an .npy file");
    }

    private static float[] Pixels(IDataset images, int index)
    {
        float[] pixels = new float[images.Image.Pixels];
        images.Read(index, pixels);
        return pixels;
    }

    private static MemberSpec Spec(string path, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = path;
        return new MemberSpec("npy", values);
    }

    private DatasetPair Open(byte[] content, params (string Name, object Value)[] fields) =>
        NpyDataset.Kind.Open(Spec(_folder.Write($"{Guid.NewGuid():N}.npy", content), fields));

    private void Refused(byte[] content, params string[] words) => Refused(content, [], words);

    private void Refused(byte[] content, (string Name, object Value)[] fields, params string[] words)
    {
        string path = _folder.Write("bad.npy", content);
        BadInputException fault = Assert.Throws<BadInputException>(() => NpyDataset.Kind.Open(Spec(path, fields)));
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.All(words, word => Assert.Contains(word, fault.Message, StringComparison.Ordinal));
    }
}
