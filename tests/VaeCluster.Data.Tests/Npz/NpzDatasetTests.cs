using System.IO.Compression;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Npz;
using VaeCluster.Data.Sprites;
using VaeCluster.Data.Tests.Arrays;

namespace VaeCluster.Data.Tests.Npz;

public sealed class NpzDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Places =>
        from compressed in new[] { true, false } from memory in new[] { true, false } select new object[] { compressed, memory };

    [Theory]
    [MemberData(nameof(Places))]
    public void Arrays_are_read_compressed_and_plain_in_memory_and_from_the_file(bool compressed, bool inMemory)
    {
        byte[] archive = NpzBytes.Of(
            compressed, ("labels.npy", NpyBytes.Integers([7], 0, 1, 2, 3, 4, 5, 6)), ("images.npy", NpyBytes.Counting(7, 5, 9)));
        IDataset images = Open(archive, ("inMemory", inMemory)).Training;

        Assert.Equal(inMemory, images.IsInMemory);
        Assert.Equal((7, new ImageShape(1, 5, 9)), (images.Count, images.Image));
        for (int index = 6; index >= 0; index--)
            Assert.Equal([.. Enumerable.Range(index * 45, 45).Select(i => (byte)i / 255f)], Pixels(images, index));

        // Only compressed arrays that are not kept in memory are unpacked to the cache.
        Assert.Equal(compressed && !inMemory, Directory.Exists(CachePath));
    }

    [Fact]
    public void The_fingerprint_does_not_depend_on_the_format()
    {
        string npy = _folder.Write("images.npy", NpyBytes.Counting(7, 5, 9));
        string expected = Datasets.Open(new MemberSpec("npy", new Dictionary<string, object> { ["path"] = npy })).Training.Fingerprint();
        foreach (object[] place in Places)
        {
            byte[] archive = NpzBytes.Of((bool)place[0], ("a.npy", NpyBytes.Counting(7, 5, 9)));
            Assert.Equal(expected, Open(archive, ("inMemory", place[1])).Training.Fingerprint());
        }
    }

    [Fact]
    public void An_unpacked_array_is_reused_until_the_archive_changes()
    {
        string path = _folder.Write("images.npz", NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 2, 2))));
        MemberSpec spec = Spec(path, ("inMemory", false));
        NpzDataset.Open(spec, Options);
        string cached = Assert.Single(Directory.GetFiles(CachePath, "*.bin"));
        DateTime made = File.GetLastWriteTimeUtc(cached);
        Assert.Equal(made, Unpacked(spec).Single());
        Assert.Single(Directory.GetFiles(CachePath, "*.json"));
        Assert.Contains("sha256", File.ReadAllText(Directory.GetFiles(CachePath, "*.json")[0]), StringComparison.Ordinal);

        // A cached file truncated by another program is made again.
        File.WriteAllBytes(cached, [1, 2, 3]);
        Assert.Equal([8 / 255f, 9 / 255f, 10 / 255f, 11 / 255f], Pixels(NpzDataset.Open(spec, Options).Training, 2));

        _folder.Write("images.npz", NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(4, 2, 2))));
        Assert.Equal(4, NpzDataset.Open(spec, Options).Training.Count);
        Assert.Equal(2, Directory.GetFiles(CachePath, "*.bin").Length);
    }

    [Fact]
    public void An_archive_like_dSprites_has_factors_and_its_pickle_is_not_read()
    {
        var sprites = new DSprites([1, 1, 40, 32, 32]);
        float[] pixels = new float[4096];
        var images = new List<byte>();
        var classes = new List<long>();
        Span<int> factors = stackalloc int[5];
        for (int index = 0; index < sprites.Count; index++)
        {
            sprites.Read(index, pixels);
            images.AddRange(pixels.Select(pixel => (byte)pixel));
            sprites.Factors(index, factors);
            classes.AddRange([0, factors[0], factors[1], factors[2], factors[3], factors[4]]);
        }

        byte[] archive = NpzBytes.Of(
            true,
            ("metadata.npy", NpyBytes.Of("|O", [], [0x80, 2, (byte)'N', (byte)'.'])),
            ("imgs.npy", NpyBytes.Bytes([18, 64, 64], [.. images])),
            ("latents_classes.npy", NpyBytes.Integers([18, 6], [.. classes])),
            ("latents_values.npy", NpyBytes.Doubles([18, 6], [.. classes.Select(value => (double)value)])));
        IDataset set = Open(archive).Training;

        IFactors known = Assert.IsAssignableFrom<IFactors>(set);
        Assert.Equal([3, 6], known.FactorSizes);
        float[] read = new float[4096];
        Span<int> values = stackalloc int[2];
        for (int index = 0; index < 18; index++)
        {
            set.Read(index, read);
            sprites.Read(index, pixels);
            Assert.Equal(pixels, read);
            known.Factors(index, values);
            Assert.Equal([index / 6, index % 6], values.ToArray());
            Assert.Equal(index, known.IndexOf(values));
        }

        Assert.Contains("unpickling", Refused(archive, [("array", "metadata")]), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_in_any_order_give_factors_and_incomplete_grids_give_none()
    {
        byte[] images = NpyBytes.Counting(4, 1, 2);
        IFactors shuffled = Assert.IsAssignableFrom<IFactors>(Open(NpzBytes.Of(
            true, ("x.npy", images), ("latents_classes.npy", NpyBytes.Integers([4, 2], 1, 0, 0, 1, 1, 1, 0, 0)))).Training);
        Assert.Equal(["factor 0", "factor 1"], shuffled.FactorNames);
        Assert.Equal(0, shuffled.IndexOf([1, 0]));
        Assert.Equal(3, shuffled.IndexOf([0, 0]));
        // NumPy saves a transposed array in column-major order, so classes must be readable in that order too.
        byte[] columns =
            NpyBytes.Of("<i8", [4, 2], System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>([1, 0, 1, 0, 0, 1, 1, 0]), fortran: true);
        IFactors fortran =
            Assert.IsAssignableFrom<IFactors>(Open(NpzBytes.Of(true, ("x.npy", images), ("latents_classes.npy", columns))).Training);
        Assert.Equal((0, 1, 2, 3), (fortran.IndexOf([1, 0]), fortran.IndexOf([0, 1]), fortran.IndexOf([1, 1]), fortran.IndexOf([0, 0])));
        Assert.Null(Open(NpzBytes.Of(
            true, ("x.npy", images), ("latents_classes.npy", NpyBytes.Integers([4, 2], 1, 0, 0, 1, 1, 1, 1, 0)))).Training as IFactors);
        Assert.Null(Open(NpzBytes.Of(
            true, ("x.npy", images), ("latents_classes.npy", NpyBytes.Integers([4, 2], 1, 0, 0, 1, 1, 1, -1, 0)))).Training as IFactors);
    }

    [Fact]
    public void Test_images_and_classes_come_from_their_own_arrays()
    {
        byte[] archive = NpzBytes.Of(
            true,
            ("x_train.npy", NpyBytes.Counting(3, 2, 2)), ("y_train.npy", NpyBytes.Bytes([3], 2, 0, 1)),
            ("x_test.npy", NpyBytes.Counting(2, 2, 2)), ("y_test.npy", NpyBytes.Of("<i4", [2, 1], [1, 0, 0, 0, 2, 0, 0, 0])));
        DatasetPair pair = Open(archive, ("array", "x_train"), ("testArray", "x_test"), ("labels", "y_train"), ("testLabels", "y_test"));
        ILabels training = Assert.IsAssignableFrom<ILabels>(pair.Training), test = Assert.IsAssignableFrom<ILabels>(pair.Test);
        Assert.Equal((3, 2, 0, 1), (training.Classes, training.Label(0), training.Label(1), training.Label(2)));
        Assert.Equal((1, 2), (test.Label(0), test.Label(1)));

        Assert.Contains("several arrays may be images: x_train, x_test", Refused(archive), StringComparison.Ordinal);
        Assert.Contains("did you mean 'x_train'", Refused(archive, [("array", "x_tran")]), StringComparison.Ordinal);
        Assert.Contains(
            "(3,), a class for each image", Refused(archive, [("array", "x_train"), ("labels", "y_test")]), StringComparison.Ordinal);
        Assert.Contains("only allowed together with testArray", Refused(
            archive, [("array", "x_train"), ("testLabels", "y_test")]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_splits_of_MedMNIST_are_found_by_their_names()
    {
        (string, byte[])[] arrays =
        [
            ("train_images.npy", NpyBytes.Counting(3, 2, 2)), ("train_labels.npy", NpyBytes.Bytes([3, 1], 2, 0, 1)),
            ("val_images.npy", NpyBytes.Counting(2, 2, 2)), ("val_labels.npy", NpyBytes.Bytes([2, 1], 1, 0)),
            ("test_images.npy", NpyBytes.Counting(1, 2, 2)), ("test_labels.npy", NpyBytes.Bytes([1, 1], 2)),
        ];
        DatasetPair pair = Open(NpzBytes.Of(true, arrays));
        Assert.Equal((3, 2, 1), (pair.Training.Count, pair.Validation!.Count, pair.Test!.Count));
        Assert.Equal(2, Assert.IsAssignableFrom<ILabels>(pair.Training).Label(0));
        Assert.Equal(1, Assert.IsAssignableFrom<ILabels>(pair.Validation).Label(0));
        Assert.Equal(2, Assert.IsAssignableFrom<ILabels>(pair.Test).Label(0));
        Assert.Contains("train_images, val_images, test_images", Assert.Single(pair.Notes), StringComparison.Ordinal);

        // Fourteen findings at once, as in ChestMNIST, are no class; one column of them is.
        arrays[1] = ("train_labels.npy", NpyBytes.Bytes([3, 2], 1, 1, 0, 0, 0, 1));
        DatasetPair several = Open(NpzBytes.Of(true, arrays));
        Assert.Null(several.Training as ILabels);
        Assert.Contains(several.Notes, note => note.Contains("labelColumn: 0 to 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_validation_array_is_named_like_a_test_array()
    {
        byte[] archive = NpzBytes.Of(
            true, ("x.npy", NpyBytes.Counting(3, 2, 2)), ("v.npy", NpyBytes.Counting(2, 2, 2)), ("l.npy", NpyBytes.Integers([2], 4, 5)));
        DatasetPair pair = Open(archive, ("array", "x"), ("validationArray", "v"), ("validationLabels", "l"));
        Assert.Equal(5, Assert.IsAssignableFrom<ILabels>(pair.Validation).Label(1));
        Assert.Null(pair.Test);
        Assert.Contains("only allowed together with validationArray", Refused(
            archive, [("array", "x"), ("validationLabels", "l")]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fortran_order_and_big_endian_arrays_are_read_in_memory_and_from_the_cache(bool inMemory)
    {
        double[] values = [.. Enumerable.Range(0, 24).Select(i => (double)i)];
        byte[] archive = NpzBytes.Of(true, ("a.npy", NpyTypesTests.Encode("u2", true, true, [4, 2, 3], values)));
        IDataset images = Open(archive, ("inMemory", inMemory)).Training;
        Assert.Equal(inMemory, images.IsInMemory);
        Assert.Equal([.. Enumerable.Range(12, 6).Select(i => i / 255f)], Pixels(images, 2));
    }

    [Fact]
    public void Classes_that_are_not_whole_numbers_are_refused() => Assert.Contains(
        "whole numbers",
        Refused(NpzBytes.Of(true, ("x.npy", NpyBytes.Counting(2, 2, 2)), ("y.npy", NpyBytes.Doubles([2], 0.5, 1))), [("labels", "y")]),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("../evil.npy", "unsafe path")]
    [InlineData("/etc/evil.npy", "unsafe path")]
    [InlineData("a/../../evil.npy", "unsafe path")]
    [InlineData("..\\evil.npy", "unsafe path")]
    [InlineData("C:evil.npy", "unsafe path")]
    public void An_entry_with_an_unsafe_path_is_refused(string name, string reason) =>
        Assert.Contains(reason, Refused(NpzBytes.Of(true, (name, NpyBytes.Counting(2, 2, 2)))), StringComparison.Ordinal);

    [Fact]
    public void A_symbolic_link_is_refused()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.CreateEntry("images.npy");
            entry.ExternalAttributes = 0xA1FF << 16;
            using Stream content = entry.Open();
            content.Write("/etc/passwd"u8);
        }

        Assert.Contains("symbolic link", Refused(file.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wrong_checksum_is_refused(bool fromFile)
    {
        byte[] archive = NpzBytes.WithCrc(NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4, 4))), crc => crc ^ 1);
        string message = Refused(archive, [("inMemory", !fromFile)]);
        Assert.Matches("checksum|[Cc][Rr][Cc]", message);
        Assert.False(Directory.Exists(CachePath) && Directory.EnumerateFileSystemEntries(CachePath).Any());
    }

    [Fact]
    public void An_entry_that_promises_more_than_it_can_contain_is_refused()
    {
        byte[] archive =
            NpzBytes.WithLength(NpzBytes.Of(true, ("a.npy", NpyBytes.Of("|u1", [2_000_000_000, 1, 2], new byte[100]))), _ => 4_000_000_128);
        Assert.Contains("impossible", Refused(archive, [("array", "a")]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1000)]
    public void An_entry_whose_length_does_not_match_its_array_is_refused(int more)
    {
        byte[] archive = NpzBytes.WithLength(NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4, 4))), length => (uint)(length + more));
        Assert.Contains("the header promises 3 × 4 × 4", Refused(archive, [("array", "a")]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_entry_that_is_shorter_or_longer_than_its_headers_say_is_refused(bool fromFile)
    {
        foreach (int rows in (int[])[2, 4])
        {
            byte[] shorter = NpyBytes.Of("|u1", [3, 4, 4], new byte[rows * 16]);
            byte[] archive = NpzBytes.WithLength(NpzBytes.Of(true, ("a.npy", shorter)), _ => 128 + 48);
            Refused(archive, [("inMemory", !fromFile)]);
        }
    }

    [Fact]
    public void A_truncated_file_or_one_without_images_is_refused()
    {
        byte[] whole = NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4, 4)));
        for (int length = 0; length < whole.Length; length += 7) Refused(whole[..length]);
        Refused(NpyBytes.Counting(3, 4, 4));
        Assert.Contains("has no arrays", Refused(NpzBytes.Of(true, ("readme.txt", [1, 2, 3]))), StringComparison.Ordinal);
        Assert.Contains(
            "no array has 3 or 4 dimensions", Refused(NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4)))), StringComparison.Ordinal);
        Assert.Contains("more than once", Refused(
            NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4, 1)), ("a.npy", NpyBytes.Counting(3, 4, 1)))), StringComparison.Ordinal);
        Assert.Contains(
            "descr", Refused(NpzBytes.Of(true, ("a.npy", NpyBytes.Of("|S1", [1, 1, 1], [5]))), [("array", "a")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_randomly_damaged_archive_is_refused_or_read_correctly()
    {
        byte[] whole = NpzBytes.Of(true, ("a.npy", NpyBytes.Counting(3, 4, 4)));
        string expected = Open(whole).Training.Fingerprint();
        var random = new System.Random(5);
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            string path = _folder.Write("damaged.npz", damaged);
            try
            {
                Assert.Equal(expected, NpzDataset.Open(Spec(path), Options).Training.Fingerprint());
            }
            catch (BadInputException fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }
        }
    }

    private string CachePath => Path.Combine(_folder.Path, "cache");

    private StorageOptions Options => new() { Cache = new CacheFolder(CachePath) };

    private IEnumerable<DateTime> Unpacked(MemberSpec spec)
    {
        NpzDataset.Open(spec, Options);
        return Directory.GetFiles(CachePath, "*.bin").Select(File.GetLastWriteTimeUtc);
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
        return new MemberSpec("npz", values);
    }

    private DatasetPair Open(byte[] archive, params (string Name, object Value)[] fields) =>
        NpzDataset.Open(Spec(_folder.Write($"{Guid.NewGuid():N}.npz", archive), fields), Options);

    private string Refused(byte[] archive, (string Name, object Value)[]? fields = null)
    {
        string path = _folder.Write("bad.npz", archive);
        BadInputException fault = Assert.Throws<BadInputException>(() => NpzDataset.Open(Spec(path, fields ?? []), Options));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
