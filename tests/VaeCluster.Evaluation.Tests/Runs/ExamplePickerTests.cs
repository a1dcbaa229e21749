using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Tests.Fixtures;

namespace VaeCluster.Evaluation.Tests.Runs;

public sealed class ExamplePickerTests : IDisposable
{
    private readonly TinyImages _images = new(2, 2, training: 30, test: 1);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_larger_sample_begins_with_the_smaller_one()
    {
        Split split = DataSplits.Open(_images.Spec, 1, 0).Train;
        float[] few = ExamplePicker.Pick(split, 3, seed: 5), many = ExamplePicker.Pick(split, 12, seed: 5);
        Assert.Equal(few, many[..few.Length]);
        Assert.NotEqual(few, ExamplePicker.Pick(split, 3, seed: 6));
    }

    [Fact]
    public void No_example_is_picked_twice_and_all_of_a_small_split_are_picked()
    {
        Split split = DataSplits.Open(_images.Spec, 1, 0).Train;
        float[] all = ExamplePicker.Pick(split, 1000, seed: 0);
        Assert.Equal(30 * 4, all.Length);
        Assert.Equal(30, all.Chunk(4).Select(pixels => string.Join(',', pixels)).Distinct().Count());
    }
}
