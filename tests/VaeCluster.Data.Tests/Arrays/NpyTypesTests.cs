using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Tests.Arrays;

public sealed class NpyTypesTests : IDisposable
{
    private static readonly string[] Types = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_type_byte_order_and_order_of_dimensions_has_the_same_pixels()
    {
        Gen<(string Type, bool Big, bool Fortran, bool Memory, int Channels, byte[] Values)> cases =
            from type in Gen.Elements(Types)
            from big in Gen.Elements(true, false)
            from fortran in Gen.Elements(true, false)
            from memory in Gen.Elements(true, false)
            from channels in Gen.Elements(0, 1, 3, 4)
            from values in Gen.ArrayOf(Gen.Choose(0, 127).Select(value => (byte)value), 3 * 2 * 5 * Math.Max(1, channels))
            select (type, big, fortran, memory, channels, values);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), one =>
        {
            int[] shape = one.Channels == 0 ? [3, 2, 5] : [3, 2, 5, one.Channels];
            byte[] file = Encode(one.Type, one.Big, one.Fortran, shape, [.. one.Values.Select(value => (double)value)]);
            IDataset images = Open(file, ("white", 127.0), ("inMemory", one.Memory), ("layout", "channels-last")).Training;
            float[] pixels = new float[images.Image.Pixels];
            int channels = Math.Max(1, one.Channels), kept = Math.Min(3, channels);
            bool holds = images.Count == 3 && images.Image == new ImageShape(kept == 3 ? 3 : 1, 2, 5);
            for (int n = 0; n < 3; n++)
            {
                images.Read(n, pixels);
                for (int i = 0; i < 10; i++)
                {
                    for (int channel = 0; channel < images.Image.Channels; channel++)
                    {
                        int place = (((n * 10) + i) * channels) + channel;
                        float opacity = channels == 4 ? (float)(one.Values[place - channel + 3] / 127.0) : 1f;
                        holds &= pixels[(channel * 10) + i] == (float)(one.Values[place] / 127.0) * opacity;
                    }
                }
            }

            return holds;
        }));
    }

    [Theory]
    [InlineData("u2", new[] { 0.0, 1, 1, 0 }, 1.0)]
    [InlineData("i4", new[] { 0.0, 1, 2, 255 }, 255.0)]
    [InlineData("i8", new[] { 0.0, 1, 2, 17 }, 255.0)]
    public void Whole_numbers_up_to_255_are_like_bytes(string type, double[] values, double white)
    {
        float[] pixels = Pixels(Open(Encode(type, false, false, [1, 2, 2], values)).Training, 0);
        Assert.Equal([.. values.Select(value => (float)(value / white))], pixels);
    }

    [Fact]
    public void Whole_numbers_outside_of_0_to_255_need_white_and_the_range_is_said()
    {
        byte[] file = Encode("u2", false, false, [1, 2, 2], [0, 256, 3000, 4095]);
        string message = Assert.Throws<BadInputException>(() => Open(file)).Message;
        Assert.Contains("values from 0 to 4095, outside of 0 to 255", message, StringComparison.Ordinal);
        Assert.Contains("white: 4095", message, StringComparison.Ordinal);
        Assert.Empty(Open(Encode("i8", false, false, [1, 2, 2], [0, 1, 2, 255])).Notes);
        DatasetPair pair = Open(file, ("white", 65535.0));
        Assert.Equal([0f, (float)(256 / 65535.0), (float)(3000 / 65535.0), (float)(4095 / 65535.0)], Pixels(pair.Training, 0));
        Assert.Contains("from 0 to 4095; black is 0, white 65535; white: 4095", Assert.Single(pair.Notes), StringComparison.Ordinal);
        message = Assert.Throws<BadInputException>(() => Open(Encode("i2", true, false, [1, 1, 2], [-5, 7]))).Message;
        Assert.Contains("black: -5 and white: 7", message, StringComparison.Ordinal);
        Assert.Equal([0f, 1f], Pixels(Open(Encode("i2", true, false, [1, 1, 2], [-5, 7]), ("black", -5.0), ("white", 7.0)).Training, 0));
    }

    [Fact]
    public void Floats_out_of_range_say_the_range_of_all()
    {
        string message = Assert.Throws<BadInputException>(() => Open(NpyBytes.Singles([2, 1, 2], 0f, 255f, -3f, 7f))).Message;
        Assert.Contains("the values are from -3 to 255, for example black: -3 and white: 255", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_arrays_in_Fortran_order_are_turned_once_in_the_cache()
    {
        double[] values = [.. Enumerable.Range(0, 7 * 3 * 4).Select(i => (double)i)];
        string path = _folder.Write("f.npy", Encode("u1", false, true, [7, 3, 4], values));
        var options = new StorageOptions { MemoryLimit = 10, Cache = new CacheFolder(Path.Combine(_folder.Path, "cache")) };
        MemberSpec spec = Spec(path);
        for (int trial = 0; trial < 2; trial++)
        {
            IDataset images = NpyDataset.Open(spec, options).Training;
            Assert.False(images.IsInMemory);
            Assert.Equal([.. Enumerable.Range(60, 12).Select(i => i / 255f)], Pixels(images, 5));
        }

        Assert.Single(Directory.GetFiles(options.Cache.Path, "*.bin"));
    }

    [Fact]
    public void Rows_of_pixels_become_images_of_the_given_size()
    {
        byte[] rows = NpyBytes.Counting(4, 6);
        Assert.Contains("size: [height, width]", Assert.Throws<BadInputException>(() => Open(rows)).Message, StringComparison.Ordinal);
        Assert.Contains("size: [3, 3]", Assert.Throws<BadInputException>(() => Open(NpyBytes.Counting(4, 9))).Message, StringComparison.Ordinal);
        IDataset images = Open(rows, Size(2, 3)).Training;
        Assert.Equal((4, new ImageShape(1, 2, 3)), (images.Count, images.Image));
        Assert.Equal([.. Enumerable.Range(6, 6).Select(i => i / 255f)], Pixels(images, 1));
        Assert.Equal(
            Open(NpyBytes.Counting(4, 2, 3)).Training.Fingerprint(), Open(rows, Size(2, 3)).Training.Fingerprint());
        Assert.Contains("needs 16 values in a row", Assert.Throws<BadInputException>(() => Open(rows, Size(4))).Message, StringComparison.Ordinal);

        byte[] colour = NpyBytes.Counting(2, 12);
        Assert.Contains("layout", Assert.Throws<BadInputException>(() => Open(colour, Size(2))).Message, StringComparison.Ordinal);
        Assert.Equal(new ImageShape(3, 2, 2), Open(colour, Size(2), ("layout", "channels-first")).Training.Image);
        Assert.Equal([0f, 3f, 6f, 9f], Pixels(Open(colour, Size(2), ("layout", "channels-last")).Training, 0)[..4].Select(p => p * 255f));
        Assert.Contains("not resized", Assert.Throws<BadInputException>(
            () => Open(NpyBytes.Counting(2, 4, 4), Size(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_opacity_of_RGBA_blends_with_black()
    {
        float[] pixels = Pixels(Open(NpyBytes.Bytes([1, 1, 2, 4], 255, 100, 0, 255, 200, 100, 50, 51), ("layout", "channels-last")).Training, 0);
        float[] expected = [1f, 200 / 255f * 0.2f, 100 / 255f, 100 / 255f * 0.2f, 0f, 50 / 255f * 0.2f];
        for (int i = 0; i < 6; i++) Assert.Equal(expected[i], pixels[i], 1e-6f);
    }

    [Fact]
    public void Validation_images_and_classes_come_from_their_own_files()
    {
        string validation = _folder.Write("v.npy", NpyBytes.Counting(2, 4, 4)), labels = _folder.Write("l.npy", NpyBytes.Integers([3], 2, 0, 1));
        string own = _folder.Write("vl.npy", NpyBytes.Bytes([2], 1, 2));
        DatasetPair pair = Open(
            NpyBytes.Counting(3, 4, 4), ("validationPath", validation), ("labels", labels), ("validationLabels", own));
        Assert.Equal(2, pair.Validation!.Count);
        Assert.Equal(2, Assert.IsAssignableFrom<ILabels>(pair.Training).Label(0));
        Assert.Equal(1, Assert.IsAssignableFrom<ILabels>(pair.Validation).Label(0));
        Assert.Contains("only allowed together with validationPath", Assert.Throws<BadInputException>(
            () => Open(NpyBytes.Counting(3, 4, 4), ("validationLabels", own))).Message, StringComparison.Ordinal);
    }

    internal static byte[] Encode(string type, bool big, bool fortran, int[] shape, double[] values)
    {
        var ordered = values;
        if (fortran)
        {
            // Element i of the file has the first index fastest.
            ordered = new double[values.Length];
            int[] index = new int[shape.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int rest = i, row = 0;
                for (int k = 0; k < shape.Length; k++) (rest, index[k]) = Math.DivRem(rest, shape[k]);
                for (int k = 0; k < shape.Length; k++) row = (row * shape[k]) + index[k];
                ordered[i] = values[row];
            }
        }

        return NpyBytes.Of((big ? ">" : "<") + type, shape, [.. ordered.SelectMany(value => Element(type, big, value))], fortran);
    }

    private static byte[] Element(string type, bool big, double value)
    {
        byte[] bytes = type switch
        {
            "u1" => [(byte)value],
            "i1" => [(byte)(sbyte)value],
            "i2" => BitConverter.GetBytes((short)value),
            "u2" => BitConverter.GetBytes((ushort)value),
            "i4" => BitConverter.GetBytes((int)value),
            "u4" => BitConverter.GetBytes((uint)value),
            "i8" => BitConverter.GetBytes((long)value),
            "u8" => BitConverter.GetBytes((ulong)value),
            "f2" => BitConverter.GetBytes((Half)value),
            "f4" => BitConverter.GetBytes((float)value),
            _ => BitConverter.GetBytes(value),
        };
        if (big) Array.Reverse(bytes);
        return bytes;
    }

    private static (string, object) Size(params long[] size) => ("size", (IReadOnlyList<long>)size);

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
        NpyDataset.Open(
            Spec(_folder.Write($"{Guid.NewGuid():N}.npy", content), fields),
            new StorageOptions { Cache = new CacheFolder(Path.Combine(_folder.Path, "cache")) });
}
