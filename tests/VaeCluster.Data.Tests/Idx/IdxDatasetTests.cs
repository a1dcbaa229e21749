using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests.Idx;

public sealed class IdxDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Grey_bytes_are_divided_by_255(bool compressed)
    {
        byte[] content = IdxBytes.Images(7, 5, 9);
        IDataset images = Open(_folder.Write("images", compressed ? IdxBytes.Gzip(content) : content)).Training;

        Assert.Equal(7, images.Count);
        Assert.Equal(new ImageShape(1, 5, 9), images.Image);
        float[] pixels = new float[45];
        for (int index = 0; index < 7; index++)
        {
            images.Read(index, pixels);
            Assert.All(pixels, (pixel, i) => Assert.Equal((byte)(index * 45 + i) / 255f, pixel));
        }
    }

    [Fact]
    public void Colour_images_are_read_channel_by_channel()
    {
        byte[] interleaved = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
        IDataset images = Open(_folder.Write("colour", IdxBytes.Of([2, 1, 2, 3], interleaved))).Training;

        Assert.Equal(new ImageShape(3, 1, 2), images.Image);
        float[] pixels = new float[6];
        images.Read(1, pixels);
        Assert.Equal([11 / 255f, 14 / 255f, 12 / 255f, 15 / 255f, 13 / 255f, 16 / 255f], pixels);
    }

    [Fact]
    public void Test_images_come_from_their_own_file_and_must_have_the_training_size()
    {
        string training = _folder.Write("training", IdxBytes.Images(3, 4, 4));
        string test = _folder.Write("test", IdxBytes.Images(2, 4, 4));
        string wide = _folder.Write("wide", IdxBytes.Images(2, 4, 5));

        Assert.Equal(2, Open(training, test).Test!.Count);
        Assert.Null(Open(training).Test);
        Assert.Contains("4×5", Refused(wide, () => Open(training, wide)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        string path = Path.Combine(_folder.Path, "none");
        Assert.Contains("no such file", Refused(path, () => Open(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_refused() =>
        Assert.Contains("is a folder", Refused(_folder.Path, () => Open(_folder.Path)), StringComparison.Ordinal);

    [Fact]
    public void A_gzip_file_truncated_anywhere_is_refused()
    {
        byte[] whole = IdxBytes.Gzip(IdxBytes.Images(50, 8, 8));
        for (int length = 2; length < whole.Length; length++)
            RefusedContent(whole[..length]);
    }

    [Fact]
    public void Gzip_garbage_is_refused()
    {
        byte[] garbage = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. Enumerable.Repeat((byte)0xff, 100)];
        Assert.Contains("gzip", RefusedContent(garbage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_whose_checksum_is_wrong_is_refused()
    {
        byte[] content = IdxBytes.Gzip(IdxBytes.Images(5, 4, 4));
        content[^6] ^= 1;
        Assert.Contains("gzip", RefusedContent(content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0], "ends inside its IDX header")]
    [InlineData(new byte[] { 0, 0, 8 }, "ends inside its IDX header")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0 }, "ends inside its IDX header")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0 }, "50 4b")]
    [InlineData(new byte[] { 0, 0, 0x0a, 3, 0, 0, 0, 1 }, "0x0a")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7 }, "expected 3 or 4")]
    public void A_file_with_other_contents_is_refused(byte[] content, string reason) =>
        Assert.Contains(reason, RefusedContent(content), StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wrong_header_is_refused(bool compressed)
    {
        foreach (uint count in (uint[])[2, 4, 1_000_000])
        {
            byte[] content = IdxBytes.Of([count, 2, 2], new byte[12]);
            Assert.Contains("the header promises", RefusedContent(compressed ? IdxBytes.Gzip(content) : content), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new uint[] { 65536, 65536, 1 })]
    [InlineData(new uint[] { 2147483647, 2147483647, 2147483647 })]
    [InlineData(new uint[] { 65536, 65536, 65536, 65536 })]
    [InlineData(new uint[] { 4294967295, 1, 1 })]
    public void Sizes_whose_product_overflows_are_refused(uint[] sizes) =>
        Assert.Contains("at most", RefusedContent(IdxBytes.Of(sizes, [1, 2, 3])), StringComparison.Ordinal);

    [Fact]
    public void A_file_without_images_is_refused() =>
        Assert.Contains("0 examples", RefusedContent(IdxBytes.Of([0, 28, 28], [])), StringComparison.Ordinal);

    [Fact]
    public void Images_without_rows_are_refused() =>
        Assert.Contains("dimension 2 is 0", RefusedContent(IdxBytes.Of([3, 0, 28], [])), StringComparison.Ordinal);

    [Fact]
    public void Images_of_two_channels_are_refused() =>
        Assert.Contains("2 channels", RefusedContent(IdxBytes.Of([1, 1, 1, 2], [1, 2])), StringComparison.Ordinal);

    [Fact]
    public void The_fingerprint_depends_on_shape_count_and_bytes_but_not_on_compression()
    {
        byte[] content = IdxBytes.Images(4, 2, 3);
        string plain = Open(_folder.Write("plain", content)).Training.Fingerprint();
        string compressed = Open(_folder.Write("compressed", IdxBytes.Gzip(content))).Training.Fingerprint();
        string turned = Open(_folder.Write("turned", IdxBytes.Images(4, 3, 2))).Training.Fingerprint();
        content[^1] ^= 1;
        string changed = Open(_folder.Write("changed", content)).Training.Fingerprint();

        Assert.Equal(64, plain.Length);
        Assert.Equal(plain, compressed);
        Assert.Equal(3, new HashSet<string> { plain, turned, changed }.Count);
    }

    private static DatasetPair Open(string path, string? testPath = null)
    {
        var values = new Dictionary<string, object> { ["path"] = path };
        if (testPath is not null)
            values["testPath"] = testPath;
        return Datasets.Open(new MemberSpec("idx", values));
    }

    private string RefusedContent(byte[] content)
    {
        string path = _folder.Write("bad", content);
        return Refused(path, () => Open(path));
    }

    private static string Refused(string path, Action open)
    {
        BadInputException fault = Assert.Throws<BadInputException>(open);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
