using System.Buffers.Binary;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests.Idx;

public sealed class IdxTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<byte, double[], double, double> Types => new()
    {
        { 0x09, [-128, 0, 127, 64], -128, 127 },
        { 0x0B, [-300, 0, 300, 150], -300, 300 },
        { 0x0C, [0, 70_000, 100_000, 1], 0, 100_000 },
        { 0x0D, [0, 0.25, 1, 0.5], 0, 1 },
        { 0x0E, [0, 0.1, 1, 0.5], 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_is_read(byte type, double[] values, double black, double white)
    {
        byte[] file = Of(type, [1, 2, 2], values);
        foreach (byte[] content in (byte[][])[file, IdxBytes.Gzip(file)])
        {
            float[] pixels = Pixels(Open(_folder.Write("a", content), ("black", black), ("white", white)).Training);
            Assert.Equal([.. values.Select(value => black == 0 && white == 1 ? (float)value : (float)((value - black) / (white - black)))], pixels);
        }

        if (type is 0x0D or 0x0E) return;
        string path = _folder.Write("a", file);
        string message = Assert.Throws<BadInputException>(() => Open(path, ("black", 0.0))).Message;
        Assert.Contains(FormattableString.Invariant($"values from {values.Min()} to {values.Max()}"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_of_wide_values_says_what_it_promises()
    {
        byte[] file = Of(0x0D, [1, 2, 2], [0, 1, 0, 1]);
        string path = _folder.Write("a", file[..^1]);
        Assert.Contains("1 × 2 × 2 × 4 = 16 bytes, but the file ends after 15", Assert.Throws<BadInputException>(
            () => Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_come_from_their_own_files()
    {
        string path = _folder.Write("a", IdxBytes.Images(3, 2, 2)), test = _folder.Write("t", IdxBytes.Images(2, 2, 2));
        string labels = _folder.Write("l", Of(0x0C, [3], [2, 0, 7])), few = _folder.Write("f", IdxBytes.Labels(2));
        DatasetPair pair = Open(path, ("labels", labels), ("testPath", test), ("testLabels", few), ("validationPath", test));
        ILabels training = Assert.IsAssignableFrom<ILabels>(pair.Training);
        Assert.Equal((8, 2, 0, 7), (training.Classes, training.Label(0), training.Label(1), training.Label(2)));
        Assert.IsAssignableFrom<ILabels>(pair.Test);
        Assert.Equal(2, pair.Validation!.Count);
        Assert.Contains("2 labels for 3 images", Assert.Throws<BadInputException>(
            () => Open(path, ("labels", few))).Message, StringComparison.Ordinal);
        Assert.Contains("only allowed together with testPath", Assert.Throws<BadInputException>(
            () => Open(path, ("testLabels", few))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transpose_swaps_rows_and_columns()
    {
        string path = _folder.Write("a", IdxBytes.Of([2, 2, 3], [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]));
        IDataset images = Open(path, ("transpose", true)).Training;
        Assert.Equal(new ImageShape(1, 3, 2), images.Image);
        Assert.Equal([0, 3, 1, 4, 2, 5], Pixels(images).Select(pixel => (int)MathF.Round(pixel * 255)));
        string colour = _folder.Write("c", IdxBytes.Of([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]));
        IDataset turned = Open(colour, ("transpose", true)).Training;
        Assert.Equal(new ImageShape(3, 2, 1), turned.Image);
        Assert.Equal([1, 4, 2, 5, 3, 6], Pixels(turned).Select(pixel => (int)MathF.Round(pixel * 255)));
        string wide = _folder.Write("w", Of(0x0D, [1, 1, 2], [0.25, 0.75]));
        Assert.Equal([0.25f, 0.75f], Pixels(Open(wide, ("transpose", true)).Training));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_files_of_EMNIST_are_found(bool compressed)
    {
        WriteEmnist("letters", compressed);
        MemberSpec Spec(params (string, object)[] fields) => new("mnist", fields.Append(("path", _folder.Path)).ToDictionary());
        DatasetPair pair = Datasets.Open(Spec(("transpose", false)));
        Assert.Equal((4, 2), (pair.Training.Count, pair.Test!.Count));
        Assert.Contains("transpose: true", Assert.Single(pair.Notes), StringComparison.Ordinal);
        DatasetPair turned = Datasets.Open(Spec(("transpose", true)));
        Assert.Empty(turned.Notes);
        Assert.Equal(new ImageShape(1, 3, 2), turned.Training.Image);
        Assert.IsAssignableFrom<ILabels>(turned.Training);

        WriteEmnist("digits", compressed);
        Assert.Contains("set: digits, letters", Assert.Throws<BadInputException>(() => Datasets.Open(Spec())).Message, StringComparison.Ordinal);
        Assert.Equal(4, Datasets.Open(Spec(("set", "digits"))).Training.Count);
        Assert.Contains("it has digits, letters", Assert.Throws<BadInputException>(
            () => Datasets.Open(Spec(("set", "balanced")))).Message, StringComparison.Ordinal);
    }

    private void WriteEmnist(string set, bool compressed)
    {
        string ending = compressed ? ".gz" : string.Empty;
        foreach ((string split, int count) in new[] { ("train", 4), ("test", 2) })
        {
            byte[] images = IdxBytes.Images(count, 2, 3), labels = IdxBytes.Labels(count);
            _folder.Write($"emnist-{set}-{split}-images-idx3-ubyte{ending}", compressed ? IdxBytes.Gzip(images) : images);
            _folder.Write($"emnist-{set}-{split}-labels-idx1-ubyte{ending}", compressed ? IdxBytes.Gzip(labels) : labels);
        }
    }

    private static byte[] Of(byte type, int[] sizes, double[] values)
    {
        List<byte> file = [0, 0, type, (byte)sizes.Length];
        byte[] buffer = new byte[8];
        foreach (int size in sizes)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, size);
            file.AddRange(buffer[..4]);
        }

        foreach (double value in values)
        {
            switch (type)
            {
                case 0x09: file.Add((byte)(sbyte)value); break;
                case 0x0B: BinaryPrimitives.WriteInt16BigEndian(buffer, (short)value); file.AddRange(buffer[..2]); break;
                case 0x0C: BinaryPrimitives.WriteInt32BigEndian(buffer, (int)value); file.AddRange(buffer[..4]); break;
                case 0x0D: BinaryPrimitives.WriteSingleBigEndian(buffer, (float)value); file.AddRange(buffer[..4]); break;
                default: BinaryPrimitives.WriteDoubleBigEndian(buffer, value); file.AddRange(buffer); break;
            }
        }

        return [.. file];
    }

    private static float[] Pixels(IDataset images)
    {
        float[] pixels = new float[images.Image.Pixels];
        images.Read(0, pixels);
        return pixels;
    }

    private static DatasetPair Open(string path, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = path;
        return Datasets.Open(new MemberSpec("idx", values));
    }
}
