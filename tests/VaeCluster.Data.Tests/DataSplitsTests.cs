using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests;

public sealed class DataSplitsTests : IDisposable
{
    private const int Size = 16;

    private readonly TemporaryFolder _folder = new();

    public DataSplitsTests() => IdxBytes.WriteMnist(_folder, training: 30, test: 10, side: 4);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 30, null)]
    [InlineData(0.1, 27, 3)]
    [InlineData(0.001, 29, 1)]
    [InlineData(0.29, 21, 9)]
    public void The_validation_fraction_holds_out_at_least_one_example(double fraction, int training, int? validation)
    {
        DataSplits splits = Open(validation: fraction);
        Assert.Equal(training, splits.Train.Count);
        Assert.Equal(validation, splits.Validation?.Count);
        Assert.Equal(10, splits.Test!.Count);
    }

    [Fact]
    public void Training_and_validation_partition_the_examples()
    {
        DataSplits splits = Open(validation: 0.4);
        Assert.Equal(Enumerable.Range(0, 30), Ids(splits.Train).Concat(Ids(splits.Validation!)).Order());
    }

    [Fact]
    public void The_same_examples_are_held_out_for_all_seeds() =>
        Assert.Equal(
            Ids(Open(validation: 0.3, seed: 1, evaluationSeed: 0).Validation!), Ids(
                Open(validation: 0.3, seed: 2, evaluationSeed: 5).Validation!));

    [Fact]
    public void The_limit_keeps_the_first_training_examples_and_all_test_examples()
    {
        DataSplits splits = Open(limit: 8, validation: 0.25);
        Assert.Equal(Enumerable.Range(0, 8), Ids(splits.Train).Concat(Ids(splits.Validation!)).Order());
        Assert.Equal(10, splits.Test!.Count);
        Assert.Equal(30, Open(limit: 1000).Train.Count);
    }

    [Fact]
    public void Validation_images_of_the_dataset_are_the_validation_split_and_exclude_a_fraction()
    {
        string path = _folder.Write("x.idx", IdxBytes.Images(5, 4, 4)), held = _folder.Write("v.idx", IdxBytes.Images(3, 4, 4));
        var dataset = new MemberSpec("idx", new Dictionary<string, object> { ["path"] = path, ["validationPath"] = held });
        DataSplits splits = DataSplits.Open(new DataSpec { Dataset = dataset, Limit = 2 }, 1, 0);
        Assert.Equal((2, 3), (splits.Train.Count, splits.Validation!.Count));
        Assert.Contains("has 3 validation images of its own", Assert.Throws<BadInputException>(
            () => DataSplits.Open(new DataSpec { Dataset = dataset, Validation = 0.2 }, 1, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_fraction_that_leaves_nothing_to_train_on_is_refused() =>
        Assert.Contains(
            "data.validation", Assert.Throws<BadInputException>(() => Open(limit: 1, validation: 0.5)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_binarisation_pixels_are_grey()
    {
        Split train = Open().Train;
        Assert.Equal(Enumerable.Range(32, Size).Select(i => i / 255f), Read(train, 2, epoch: 3));
    }

    [Fact]
    public void Static_draws_are_the_same_in_every_epoch()
    {
        Split train = Open(Binarization.Static).Train;
        Assert.All(Read(train, 5, epoch: 1), pixel => Assert.True(pixel is 0 or 1));
        Assert.Equal(All(train, epoch: 1), All(train, epoch: 2));
    }

    [Fact]
    public void Dynamic_draws_change_with_the_epoch_and_are_repeatable()
    {
        Split train = Open(Binarization.Dynamic).Train;
        Assert.NotEqual(All(train, epoch: 1), All(train, epoch: 2));
        Assert.Equal(All(train, epoch: 2), All(Open(Binarization.Dynamic).Train, epoch: 2));
        Assert.NotEqual(All(train, epoch: 1), All(Open(Binarization.Dynamic, seed: 2).Train, epoch: 1));
    }

    [Theory]
    [InlineData(Binarization.Static)]
    [InlineData(Binarization.Dynamic)]
    public void Held_out_images_depend_only_on_the_evaluation_seed(Binarization binarize)
    {
        DataSplits splits = Open(binarize, validation: 0.3, seed: 1), other = Open(binarize, validation: 0.3, seed: 2);
        DataSplits reseeded = Open(binarize, validation: 0.3, seed: 1, evaluationSeed: 7);
        Assert.Equal(All(splits.Test!, epoch: 1), All(other.Test!, epoch: 9));
        Assert.Equal(All(splits.Validation!, epoch: 1), All(other.Validation!, epoch: 9));
        Assert.NotEqual(All(splits.Test!, epoch: 1), All(reseeded.Test!, epoch: 1));
        Assert.Equal(All(splits.Train, epoch: 1), All(reseeded.Train, epoch: 1));
    }

    [Fact]
    public void The_draw_of_an_example_does_not_depend_on_the_split()
    {
        Split all = Open(Binarization.Dynamic).Train, some = Open(Binarization.Dynamic, validation: 0.5).Train;
        for (int position = 0; position < some.Count; position++)
            Assert.Equal(Read(all, some.ExampleId(position), epoch: 4), Read(some, position, epoch: 4));
    }

    [Fact]
    public void The_mean_image_is_of_grey_values()
    {
        float[] mean = Open(Binarization.Static, limit: 3).Train.MeanImage();
        // Three images of bytes that count up from 0, 16 and 32.
        Assert.All(mean, (pixel, i) => Assert.Equal((16 + i) / 255.0, pixel, 1e-7));
    }

    [Fact]
    public void A_position_outside_the_split_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Open(limit: 8).Train, 8, epoch: 1));

    private DataSplits Open(
        Binarization binarize = Binarization.None, double validation = 0, int? limit = null, long seed = 1, long evaluationSeed = 0)
    {
        var mnist = new MemberSpec("mnist", new Dictionary<string, object> { ["path"] = _folder.Path });
        return DataSplits.Open(
            new DataSpec { Dataset = mnist, Binarize = binarize, Validation = validation, Limit = limit }, seed, evaluationSeed);
    }

    private static int[] Ids(Split split) => [.. Enumerable.Range(0, split.Count).Select(split.ExampleId)];

    private static float[] All(Split split, int epoch) =>
        [.. Enumerable.Range(0, split.Count).SelectMany(position => Read(split, position, epoch))];

    private static float[] Read(Split split, int position, int epoch)
    {
        float[] pixels = new float[Size];
        split.Read(position, epoch, pixels);
        return pixels;
    }
}
