using System.Text.Json;
using Parquet;
using Parquet.Schema;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Tables;
using VaeCluster.Data.Tests.Pictures;

namespace VaeCluster.Data.Tests.Tables;

public sealed class ParquetDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_and_classes_of_the_hubs_layout_are_read()
    {
        string names = JsonSerializer.Serialize(new
        {
            info = new { features = new { label = new { names = new[] { "cat", "dog" }, _type = "ClassLabel" } } },
        });
        string path = await Write("a.parquet", [Png(1, 2), PictureFixtures.Jpeg, Png(3, 4)], [1, 0, 1], names);
        IDataset images = Open(path, ("size", (IReadOnlyList<long>)[1L, 2L]), ("channels", "grey")).Training;
        Assert.Equal((3, new ImageShape(1, 1, 2)), (images.Count, images.Image));
        Assert.Equal([1, 2], Bytes(images, 0));
        Assert.Equal([3, 4], Bytes(images, 2));
        ILabels labels = Assert.IsAssignableFrom<ILabels>(images);
        Assert.Equal(["cat", "dog"], labels.ClassNames!);
        Assert.Equal((1, 0, 1), (labels.Label(0), labels.Label(1), labels.Label(2)));
    }

    [Fact]
    public async Task Files_of_a_folder_are_splits_by_their_names()
    {
        await Write("set/data/train-00000-of-00002.parquet", [Png(1, 2), Png(3, 4)], [0, 1], null);
        await Write("set/data/train-00001-of-00002.parquet", [Png(5, 6)], [2], null);
        await Write("set/data/test-00000-of-00001.parquet", [Png(7, 8)], [1], null);
        await Write("set/data/validation-00000-of-00001.parquet", [Png(9, 10)], [1], null);
        DatasetPair pair = Open(Path.Combine(_folder.Path, "set"), ("inMemory", false));
        Assert.Equal((3, 1, 1), (pair.Training.Count, pair.Test!.Count, pair.Validation!.Count));
        Assert.Equal([5, 6], Bytes(pair.Training, 2));
        Assert.Equal([7, 8], Bytes(pair.Test, 0));
        Assert.Equal([9, 10], Bytes(pair.Validation, 0));
        Assert.Contains("2 files for training, 1 for validation, 1 for tests", Assert.Single(pair.Notes), StringComparison.Ordinal);
        Assert.Equal(3, Open(Path.Combine(_folder.Path, "set"), ("inMemory", false)).Training.Count);
    }

    [Fact]
    public async Task A_row_that_is_no_image_is_named()
    {
        string path = await Write("a.parquet", [Png(1, 2), [1, 2, 3]], [0, 1], null);
        Assert.Contains("a.parquet: row 1: not a PNG, JPEG", Refused(path), StringComparison.Ordinal);
        path = await Write("b.parquet", [Png(1, 2), Png(3, 4), null, Png(5, 6)], [0, 1, 2, 3], null);
        Assert.Contains("b.parquet: row 2: is empty", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_column_and_damaged_files_are_refused()
    {
        string path = await Write("a.parquet", [Png(1, 2)], [0], null);
        Assert.Contains("its columns are image, label", Refused(path, ("imageColumn", "picture")), StringComparison.Ordinal);
        Assert.Contains("labelColumn is 'digit'", Refused(path, ("labelColumn", "digit")), StringComparison.Ordinal);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 41)
        {
            string cut = _folder.Write("cut.parquet", whole[..length]);
            Assert.Contains("cut.parquet", Refused(cut), StringComparison.Ordinal);
        }

        Assert.Contains("no such file", Refused(Path.Combine(_folder.Path, "none")), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        Assert.Contains("no files that end in .parquet", Refused(Path.Combine(_folder.Path, "empty")), StringComparison.Ordinal);
    }

    private static byte[] Png(params int[] pixels) => new PngBytes(pixels.Length, 1, 8, 0, pixels).Encode();

    private async Task<string> Write(string name, byte[]?[] images, long[] labels, string? metadata)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new DataField("bytes", typeof(byte[]), isNullable: true);
        var place = new DataField<string>("path");
        var label = new DataField<long>("label");
        var schema = new ParquetSchema(new StructField("image", bytes, place), label);
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
        if (metadata is not null) writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = metadata };
        // Groups of two rows, so that images are in several.
        for (int first = 0; first < images.Length; first += 2)
        {
            int end = Math.Min(images.Length, first + 2);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, (IReadOnlyCollection<byte[]>)images[first..end]!);
            await group.WriteAsync(place, (IReadOnlyCollection<string>)[.. images[first..end].Select((_, i) => $"{i}.png")]);
            await group.WriteAsync<long>(label, new ReadOnlyMemory<long>(labels[first..end]));
        }

        return path;
    }

    private static int[] Bytes(IDataset images, int index)
    {
        float[] pixels = new float[images.Image.Pixels];
        images.Read(index, pixels);
        return [.. pixels.Select(pixel => (int)MathF.Round(pixel * 255f))];
    }

    private DatasetPair Open(string path, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = path;
        values.TryAdd("fit", "crop");
        return ParquetDataset.Open(
            new MemberSpec("parquet", values), new StorageOptions { Cache = new CacheFolder(Path.Combine(_folder.Path, "cache")) });
    }

    private string Refused(string path, params (string Name, object Value)[] fields)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Open(path, fields));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
