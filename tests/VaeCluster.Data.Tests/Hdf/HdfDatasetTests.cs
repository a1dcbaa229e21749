using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Hdf;

namespace VaeCluster.Data.Tests.Hdf;

public sealed class HdfDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_and_factors_of_a_file_like_3D_Shapes_are_read(bool inMemory)
    {
        IDataset images = Open(HdfFixtures.Unpack(HdfFixtures.PackedShapes), ("inMemory", inMemory), ("layout", "channels-last")).Training;
        Assert.Equal((6, new ImageShape(3, 2, 2), inMemory), (images.Count, images.Image, images.IsInMemory));
        float[] pixels = new float[12];
        images.Read(4, pixels);
        Assert.Equal([48, 51, 54, 57, 49, 52, 55, 58, 50, 53, 56, 59], pixels.Select(pixel => (int)MathF.Round(pixel * 255)));
        IFactors factors = Assert.IsAssignableFrom<IFactors>(images);
        Assert.Equal([2, 3], factors.FactorSizes);
        int[] values = new int[2];
        factors.Factors(4, values);
        Assert.Equal([1, 1], values);
    }

    [Fact]
    public void A_column_of_the_labels_can_be_the_class()
    {
        // The second column has −30, −15 and 0, which are no classes.
        Assert.Contains("0 to 65535", Refused(
            HdfFixtures.Unpack(HdfFixtures.PackedShapes), ("labels", "labels"), ("labelColumn", 1L)), StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_numbers_are_refused_in_a_line_since_the_library_lacks_them()
    {
        byte[] file = HdfFixtures.Unpack(HdfFixtures.PackedBigEndian);
        Assert.Contains("x: not HDF5, damaged, or of a kind that is not supported", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_do_not_exist_and_other_files_are_refused()
    {
        byte[] file = HdfFixtures.Unpack(HdfFixtures.PackedShapes);
        Assert.Contains("did you mean 'images'", Refused(file, ("array", "image")), StringComparison.Ordinal);
        Assert.Contains("shape", Refused(file, ("array", "labels")), StringComparison.Ordinal);
        Assert.Contains("not HDF5", Refused([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("not HDF5", Refused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_one_line()
    {
        byte[] file = HdfFixtures.Unpack(HdfFixtures.PackedShapes);
        for (int length = 0; length < file.Length / 2; length += 97) Refused(file[..length]);
    }

    private DatasetPair Open(byte[] content, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = _folder.Write($"{Guid.NewGuid():N}.h5", content);
        return HdfDataset.Open(
            new MemberSpec("hdf5", values), new StorageOptions { Cache = new CacheFolder(Path.Combine(_folder.Path, "cache")) });
    }

    private string Refused(byte[] content, params (string Name, object Value)[] fields)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Open(content, fields));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
