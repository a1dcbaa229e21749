using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Tests.Arrays;
using VaeCluster.Data.Tests.Npz;
using VaeCluster.Data.Tests.Pictures;

namespace VaeCluster.Data.Tests;

/// <summary>Other images for the model of a run: their kind is guessed, size and range are the run's.</summary>
public sealed class OtherDataTests : IDisposable
{
    private static readonly ImageShape Shape = new(1, 2, 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("faces.npy")]
    [InlineData("FACES.NPY")]
    [InlineData("faces.npz")]
    [InlineData("faces.idx")]
    [InlineData("faces.idx.gz")]
    [InlineData("t10k-images-idx3-ubyte")]
    [InlineData("train-images.idx3-ubyte.gz")]
    public void The_extension_says_what_a_file_is(string name)
    {
        string kind = name.ToLowerInvariant();
        byte[] array = NpyBytes.Counting(4, 2, 3);
        byte[] file = kind.EndsWith("npy", StringComparison.Ordinal) ? array
            : kind.EndsWith("npz", StringComparison.Ordinal) ? NpzBytes.Of(false, ("x.npy", array))
            : kind.EndsWith("gz", StringComparison.Ordinal) ? IdxBytes.Gzip(IdxBytes.Images(4, 2, 3))
            : IdxBytes.Images(4, 2, 3);
        DataSplits data = Open(_folder.Write(name, file));
        Assert.Equal((4, name, name), (data.Train.Count, data.Train.Name, (data.Test ?? data.Validation ?? data.Train).Name));
        Assert.Equal([18, 19, 20, 21, 22, 23], Bytes(data.Train, 3));
    }

    [Fact]
    public void Pictures_are_resized_to_the_run_s_size_and_colours_and_keep_their_names_and_classes()
    {
        Png("set/dogs/b.png", 6, 4, 200);
        Png("set/cats/a.png", 3, 2, 100);
        Split split = Open(At("set")).Train;
        Assert.Equal((2, Shape, "set"), (split.Count, split.Image, split.Name));
        Assert.Equal(["cats/a.png", "dogs/b.png"], split.FileNames);
        Assert.Equal(["cats", "dogs"], split.Labels!.ClassNames);
        Assert.Equal([100, 100, 100, 100, 100, 100], Bytes(split, 0));
        Assert.Equal([200, 200, 200, 200, 200, 200], Bytes(split, 1));

        Split coloured = OtherData.Open(At("set"), Spec("npy"), new ImageShape(3, 2, 2), 0).Train;
        Assert.Equal(new ImageShape(3, 2, 2), coloured.Image);
    }

    [Fact]
    public void A_single_picture_is_one_image()
    {
        Png("me.png", 3, 2, 7);
        Png("other.png", 3, 2, 8);
        Split split = Open(At("me.png")).Train;
        Assert.Equal((1, "me.png"), (split.Count, split.Name));
        Assert.Equal(["me.png"], split.FileNames);
        Assert.Equal([7, 7, 7, 7, 7, 7], Bytes(split, 0));
    }

    [Fact]
    public void A_folder_of_mnist_is_known_by_its_files()
    {
        IdxBytes.WriteMnist(_folder, training: 30, test: 10, side: 4);
        DataSplits data = OtherData.Open(_folder.Path, Spec("npy"), new ImageShape(1, 4, 4), 0);
        Assert.Equal((30, 10), (data.Train.Count, data.Test!.Count));
        Assert.Equal(10, data.Test.Labels!.Classes);
    }

    [Fact]
    public void A_folder_with_one_array_in_it_is_that_array()
    {
        Directory.CreateDirectory(At("download"));
        File.WriteAllBytes(At("download/x.npy"), NpyBytes.Counting(4, 2, 3));
        File.WriteAllText(At("download/readme.txt"), "hello");
        Assert.Equal(4, Open(At("download")).Train.Count);
    }

    [Fact]
    public void Black_and_white_are_those_of_the_run()
    {
        string path = _folder.Write("scan.npy", NpyBytes.Bytes([1, 2, 3], 100, 120, 140, 160, 180, 200));
        Split split = OtherData.Open(path, Spec("npy", ("black", 100.0), ("white", 200.0)), Shape, 0).Train;
        var pixels = new float[6];
        split.Read(0, 1, pixels);
        Assert.Equal([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], pixels);
    }

    [Fact]
    public void An_array_of_the_run_s_name_is_taken_where_there_are_several()
    {
        byte[] file = NpzBytes.Of(false, ("x.npy", NpyBytes.Counting(1, 2, 3)), ("y.npy", NpyBytes.Counting(5, 2, 3)));
        string path = _folder.Write("both.npz", file);
        Assert.Equal(5, OtherData.Open(path, Spec("npz", ("array", "y")), Shape, 0).Train.Count);
        Assert.Contains("several arrays may be images: x, y", Refused(path, Spec("npz", ("array", "gone"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Binarised_images_are_drawn_as_held_out_ones()
    {
        string path = _folder.Write("grey.npy", NpyBytes.Bytes([40, 2, 3], [.. Enumerable.Repeat((byte)128, 240)]));
        DataSpec trained = Spec("npy") with { Binarize = Binarization.Dynamic };
        Split first = OtherData.Open(path, trained, Shape, evaluationSeed: 5).Train;
        float[] one = new float[6], other = new float[6];
        bool differs = false;
        for (int i = 0; i < 40; i++)
        {
            first.Read(i, epoch: 1, one);
            first.Read(i, epoch: 2, other);
            Assert.Equal(one, other);
            Assert.All(one, pixel => Assert.True(pixel is 0f or 1f));
            OtherData.Open(path, trained, Shape, evaluationSeed: 6).Train.Read(i, epoch: 1, other);
            differs |= !one.SequenceEqual(other);
        }

        Assert.True(differs);
    }

    [Fact]
    public void Images_of_another_size_are_refused_in_one_line()
    {
        string path = _folder.Write("wide.npy", NpyBytes.Counting(4, 2, 5));
        Assert.Equal(
            $"{path}: has images of 2×5; the model of this run takes 2×3, and only pictures are resized to it", Refused(path, Spec("npy")));
        string colour = _folder.Write("colour.npy", NpyBytes.Counting(4, 2, 3, 3));
        Assert.Contains("has images of 2×3×3", Refused(colour, Spec("npy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.npy", "no such file or folder")]
    [InlineData("notes.txt", "not a kind of data that is known by its name: a file that ends in .npy, .npz,")]
    [InlineData("empty", "has no images")]
    [InlineData("broken.npy", "not an .npy file")]
    [InlineData("broken.png", "broken.png")]
    public void What_cannot_be_used_is_refused_in_one_line(string name, string words)
    {
        _folder.Write("notes.txt", [1]);
        _folder.Write("broken.npy", [.. Enumerable.Repeat((byte)7, 100)]);
        _folder.Write("broken.png", [1, 2, 3]);
        Directory.CreateDirectory(At("empty"));
        Assert.Contains(words, Refused(At(name), Spec("npy")), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void Png(string name, int width, int height, int grey)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), new PngBytes(width, height, 8, 0, [.. Enumerable.Repeat(grey, width * height)]).Encode());
    }

    private static DataSpec Spec(string kind, params (string Name, object Value)[] fields) => new()
    {
        Dataset = new MemberSpec(kind, fields.ToDictionary(field => field.Name, field => field.Value)),
    };

    private static DataSplits Open(string path) => OtherData.Open(path, Spec("npy"), Shape, evaluationSeed: 0);

    private static string Refused(string path, DataSpec trained)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => OtherData.Open(path, trained, Shape, 0));
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }

    private static int[] Bytes(Split split, int position)
    {
        var pixels = new float[split.Image.Pixels];
        split.Read(position, 1, pixels);
        return [.. pixels.Select(pixel => (int)MathF.Round(pixel * 255f))];
    }
}
