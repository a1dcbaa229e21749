using VaeCluster.Core;

namespace VaeCluster.Data.Tests;

public class SplitInMemoryTests
{
    [Fact]
    public void Images_in_memory_are_read_by_position_and_divided_by_255()
    {
        Split split = Split.InMemory("made-up", new ImageShape(1, 2, 2), [0, 51, 102, 153, 204, 255, 0, 51]);
        float[] pixels = new float[4];
        split.Read(1, epoch: 1, pixels);
        Assert.Equal(2, split.Count);
        Assert.Equal(1, split.ExampleId(1));
        Assert.Equal([204 / 255f, 1f, 0f, 51 / 255f], pixels);
    }

    [Fact]
    public void An_incomplete_image_is_refused() =>
        Assert.Throws<ArgumentException>(() => Split.InMemory("made-up", new ImageShape(1, 2, 2), new byte[7]));
}
