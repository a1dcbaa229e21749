using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Tables;

namespace VaeCluster.Data.Tests.Tables;

public sealed class CsvDatasetTests : IDisposable
{
    private const string Kaggle = "label,pixel0,pixel1,pixel2,pixel3\n7,0,1,2,255\n3,9,8,7,6\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Kaggle)]
    [InlineData("7,0,1,2,255\n3,9,8,7,6\n")]
    [InlineData("7,0,1,2,255\r\n3,9,8,7,6")]
    [InlineData("\ufeff\"label\",\"a\",\"b\",\"c\",\"d\"\n7,0,1,2,255\n3,9,8,7,6\n\n")]
    [InlineData("a;b;c;d;label\n0;1;2;255;7\n9;8;7;6;3\n")]
    [InlineData("a\tb\tc\td\tCLASS\n0\t1\t2\t255\t7\n9\t8\t7\t6\t3\n")]
    [InlineData(",label,a,b,c,d\n0,7,0,1,2,255\n1,3,9,8,7,6\n")]
    [InlineData("label,0,1,2,3\n7,0,1,2,255\n3,9,8,7,6\n")]
    [InlineData("7.0, 0, 1.0, 2, 2.55e2\n3.0, 9, 8, 7, 6\n")]
    public void Digits_are_read_with_or_without_a_header(string text)
    {
        foreach (byte[] content in (byte[][])[Encoding.UTF8.GetBytes(text), IdxBytes.Gzip(Encoding.UTF8.GetBytes(text))])
        {
            foreach (bool inMemory in (bool[])[true, false])
            {
                IDataset images = Open(content, ("inMemory", inMemory)).Training;
                Assert.Equal((2, new ImageShape(1, 2, 2), inMemory), (images.Count, images.Image, images.IsInMemory));
                Assert.Equal([0, 1 / 255f, 2 / 255f, 1], Pixels(images, 0));
                Assert.Equal([9 / 255f, 8 / 255f, 7 / 255f, 6 / 255f], Pixels(images, 1));
                ILabels labels = Assert.IsAssignableFrom<ILabels>(images);
                Assert.Equal((7, 3), (labels.Label(0), labels.Label(1)));
            }
        }
    }

    [Fact]
    public void Without_a_column_of_classes_there_are_none()
    {
        Assert.Null(Open("pixel0,pixel1,pixel2,pixel3\n0,1,2,255\n"u8.ToArray()).Training as ILabels);
        Assert.Null(Open("0,1,2,255\n3,4,5,6"u8.ToArray()).Training as ILabels);
        Assert.Equal(5, Open(Encoding.UTF8.GetBytes(Kaggle), ("labelColumn", "none"), Size(1, 5)).Training.Image.Width);
    }

    [Fact]
    public void Text_classes_have_names_that_held_out_images_share()
    {
        string test = _folder.Write("test.csv", "name,a\ndog,5\n"u8.ToArray());
        DatasetPair pair = Open(
            "name,a\ndog,1\ncat,2\ndog,3\n"u8.ToArray(), ("labelColumn", "name"), ("testPath", test), ("validationPath", test));
        ILabels labels = Assert.IsAssignableFrom<ILabels>(pair.Training);
        Assert.Equal(["cat", "dog"], labels.ClassNames!);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(labels.Label));
        Assert.Equal(1, Assert.IsAssignableFrom<ILabels>(pair.Test).Label(0));
        Assert.Equal(1, pair.Validation!.Count);
    }

    [Fact]
    public void Other_values_than_bytes_are_kept_and_need_white()
    {
        byte[] text = "a,b,c,d\n0,1000,4095,0.5\n"u8.ToArray();
        Assert.Contains("the values are from 0 to 4095", Refused(text), StringComparison.Ordinal);
        Assert.Equal([0, 1000 / 4095f, 1, (float)(0.5 / 4095)], Pixels(Open(text, ("white", 4095.0)).Training, 0));
        Assert.Equal([0, 0.25f, 1, 0.5f], Pixels(Open("0,0.25,1,0.5"u8.ToArray()).Training, 0));
    }

    [Fact]
    public void Colour_needs_a_size_and_a_layout()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 12)) + "\n" + string.Join(',', Enumerable.Range(5, 12)));
        Assert.Contains("layout", Refused(text, Size(2), ("labelColumn", "none"), ("header", false)), StringComparison.Ordinal);
        IDataset images = Open(text, Size(2), ("labelColumn", "none"), ("header", false), ("layout", "channels-last")).Training;
        Assert.Equal((2, new ImageShape(3, 2, 2)), (images.Count, images.Image));
        Assert.Contains("12 columns of pixels, which are not a square; set size", Refused(text, ("labelColumn", "none")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\n1\n", "has one column")]
    [InlineData("a,b,c,d\n", "has no lines of pixels")]
    [InlineData("a,b,c,d\n1,2,3,4\n1,2,3\n", "line 3 has 3 columns, but the first line has 4")]
    [InlineData("a,b,c,d\n1,2,3,4\n1,2,x,4\n", "line 3, column 3 is 'x': a number")]
    [InlineData("a,b,c,d\n1,2,,4\n", "line 2, column 3 is '': a number")]
    [InlineData("a,b,c,d\n1,2,NaN,4\n", "line 2, column 3 is 'NaN': a number")]
    [InlineData("a,b,c,d\n1,2,1e999,4\n", "a number")]
    public void Bad_lines_are_named(string text, string reason) =>
        Assert.Contains(reason, Refused(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_column_and_a_truncated_gzip_are_refused()
    {
        Assert.Contains("the first are label, pixel0, pixel1", Refused(
            Encoding.UTF8.GetBytes(Kaggle), ("labelColumn", "digit")), StringComparison.Ordinal);
        byte[] zipped = IdxBytes.Gzip(Encoding.UTF8.GetBytes(Kaggle));
        zipped[^6] ^= 1;
        Assert.Contains("damaged", Refused(zipped), StringComparison.Ordinal);
        string path = Path.Combine(_folder.Path, "none.csv");
        Assert.Contains("no such file", Assert.Throws<BadInputException>(
            () => CsvDataset.Open(new MemberSpec("csv", new Dictionary<string, object> { ["path"] = path }), Options)).Message, StringComparison.Ordinal);
    }

    private StorageOptions Options => new() { Cache = new CacheFolder(Path.Combine(_folder.Path, "cache")) };

    private static (string, object) Size(params long[] size) => ("size", (IReadOnlyList<long>)size);

    private static float[] Pixels(IDataset images, int index)
    {
        float[] pixels = new float[images.Image.Pixels];
        images.Read(index, pixels);
        return pixels;
    }

    private DatasetPair Open(byte[] content, params (string Name, object Value)[] fields)
    {
        var values = fields.ToDictionary(field => field.Name, field => field.Value);
        values["path"] = _folder.Write($"{Guid.NewGuid():N}.csv", content);
        return CsvDataset.Open(new MemberSpec("csv", values), Options);
    }

    private string Refused(byte[] content, params (string Name, object Value)[] fields)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Open(content, fields));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
