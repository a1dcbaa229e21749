using System.Text.Json;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Encodings;
using VaeCluster.Evaluation.Tests.Fixtures;

namespace VaeCluster.Evaluation.Tests.Encodings;

public sealed class EncodingWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Codes_are_written_row_by_row_in_the_order_of_the_split()
    {
        using var images = new TinyImages(2, 3, training: 700, test: 1);
        Split split = DataSplits.Open(images.Spec, 1, 0).Train;
        EncodingInfo info = EncodingWriter.Write(new PixelModel(split.Image), split, limit: null, _folder);
        Assert.Equal((700, 2, false), (info.Examples, info.Latent, info.Labels));

        NpyArray means = Npy.Read(Path.Combine(_folder, "means.npy"));
        NpyArray logVariances = Npy.Read(Path.Combine(_folder, "log_variances.npy"));
        Assert.Equal([700, 2], means.Shape);
        var pixels = new float[6];
        var expected = new float[2];
        foreach (int position in (int[])[0, 255, 256, 699])
        {
            split.Read(position, 1, pixels);
            new PixelModel(split.Image).Encode(pixels, expected, []);
            Assert.Equal(expected, means.ToSingles()[(2 * position)..((2 * position) + 2)]);
        }

        Assert.Equal([-1f, -2f, -1f], logVariances.ToSingles()[..3]);
        Assert.False(File.Exists(Path.Combine(_folder, "labels.npy")));
        Assert.False(File.Exists(Path.Combine(_folder, "factors.npy")));
    }

    [Fact]
    public void Factors_are_written_with_their_names()
    {
        var spec = new DataSpec
        {
            Dataset = new MemberSpec("dsprites", new Dictionary<string, object>
            {
                ["strides"] = new Dictionary<string, long> { ["shape"] = 1, ["scale"] = 5, ["orientation"] = 39, ["x"] = 31, ["y"] = 31 },
            }),
        };
        Split split = DataSplits.Open(spec, 1, 0).Train;
        EncodingWriter.Write(new PixelModel(split.Image), split, limit: 7, _folder);

        using JsonDocument info = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "encoding.json")));
        string[] names = [.. info.RootElement.GetProperty("factorNames").EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal(split.Factors!.FactorNames, names);
        NpyArray factors = Npy.Read(Path.Combine(_folder, "factors.npy"));
        Assert.Equal([7, names.Length], factors.Shape);
        var expected = new int[names.Length];
        split.Factors.Factors(split.ExampleId(6), expected);
        Assert.Equal(expected.Select(value => (float)value), factors.ToSingles()[(6 * names.Length)..]);
    }

    [Fact]
    public void A_cancelled_encoding_writes_nothing()
    {
        using var images = new TinyImages(2, 2, training: 3, test: 1);
        Split split = DataSplits.Open(images.Spec, 1, 0).Train;
        string folder = Path.Combine(_folder, "new");
        Assert.Throws<OperationCanceledException>(() =>
            EncodingWriter.Write(new PixelModel(split.Image), split, null, folder, cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(folder));
    }
}
