using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Tests.Fixtures;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Tests.Runs;

public sealed class KeptExamplesTests : IDisposable
{
    private readonly TinyImages _images = new(3, 2, training: 200, test: 90);

    private RunFolder Folder => new(_images.Folder);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void What_is_kept_is_what_figures_would_pick_of_the_data()
    {
        DataSplits data = DataSplits.Open(_images.Spec, 1, 0);
        KeptExamples.Of(data, seed: 5).Write(Folder);
        KeptExamples kept = KeptExamples.Read(Folder, Assert.Fail)!;
        Assert.Equal((new ImageShape(1, 3, 2), "test", 5L, 90), (kept.Image, kept.Split, kept.Seed, kept.SplitCount));
        Assert.Equal(new SplitSizes(200, null, 90), kept.Sizes);
        foreach (int count in (int[])[1, 20, 64]) Assert.Equal(ExamplePicker.Pick(data.Test!, count, 5), kept.First(count));
        Assert.True(kept.Has(64));
        Assert.False(kept.Has(65));

        var pixels = new float[6];
        data.Test!.Read(kept.Positions[7], 1, pixels);
        Assert.Equal(pixels, kept.At(kept.Positions[7]));
        Assert.Null(kept.At(Enumerable.Range(0, 90).Except(kept.Positions).First()));
    }

    [Fact]
    public void Of_a_small_split_all_is_kept_so_that_any_number_can_be_asked_for()
    {
        DataSplits data = DataSplits.Open(_images.Spec with { Limit = 40, Validation = 0.25 }, 1, 0);
        using var few = new TinyImages(3, 2, training: 20, test: 9);
        KeptExamples kept = KeptExamples.Of(DataSplits.Open(few.Spec, 1, 0), seed: 0);
        Assert.Equal(9, kept.Positions.Count);
        Assert.True(kept.Has(1000));
        Assert.Equal(9 * 6, kept.First(1000).Length);
        Assert.Equal(new SplitSizes(30, 10, 90), KeptExamples.Of(data, 0).Sizes);
    }

    [Theory]
    [InlineData(Binarization.None)]
    [InlineData(Binarization.Static)]
    [InlineData(Binarization.Dynamic)]
    public void Bytes_are_kept_as_bytes_and_exactly(Binarization binarize)
    {
        DataSplits data = DataSplits.Open(_images.Spec with { Binarize = binarize }, 1, 0);
        KeptExamples.Of(data, 0).Write(Folder);
        Assert.InRange(new FileInfo(Folder.ExamplesPath).Length, 64 * 6, (64 * 6) + 2000);
        Assert.Equal(ExamplePicker.Pick(data.Test!, 64, 0), KeptExamples.Read(Folder, Assert.Fail)!.Images.ToArray());
    }

    [Fact]
    public void Other_values_are_kept_exactly_too()
    {
        DataSplits data = DataSplits.Open(_images.Spec, 1, 0);
        float[] odd = [.. ExamplePicker.Pick(data.Test!, 64, 0).Select((pixel, i) => pixel * 0.3f + (i % 7) * 0.01f)];
        (KeptExamples.Of(data, 0) with { Images = odd }).Write(Folder);
        Assert.Equal(odd, KeptExamples.Read(Folder, Assert.Fail)!.Images.ToArray());
    }

    [Fact]
    public void What_is_damaged_is_named_and_counts_as_missing()
    {
        Assert.Null(KeptExamples.Read(Folder, Assert.Fail));
        KeptExamples.Of(DataSplits.Open(_images.Spec, 1, 0), 0).Write(Folder);
        byte[] whole = File.ReadAllBytes(Folder.ExamplesPath);
        foreach (byte[] broken in (byte[][])[[], [1, 2, 3], whole[..^1], whole[..40]])
        {
            File.WriteAllBytes(Folder.ExamplesPath, broken);
            List<string> notices = [];
            Assert.Null(KeptExamples.Read(Folder, notices.Add));
            Assert.Equal($"{Folder.ExamplesPath} is damaged; the data itself is read instead", Assert.Single(notices));
        }
    }

    [Fact]
    public void Of_large_images_few_are_kept_but_as_many_as_a_report_shows()
    {
        KeptExamples kept = KeptExamples.Of(DataSplits.Open(_images.Spec, 1, 0), 0);
        Assert.Equal(64, kept.Positions.Count);
        using var large = new TinyImages(700, 700, training: 2, test: 40);
        Assert.Equal(34, KeptExamples.Of(DataSplits.Open(large.Spec, 1, 0), 0).Positions.Count);
    }
}
