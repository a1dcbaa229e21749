using VaeCluster.Core.Random;
using VaeCluster.Data;

namespace VaeCluster.Evaluation.Runs;

/// <summary>Picks examples to show: random positions in the split, always the same.</summary>
public static class ExamplePicker
{
    /// <summary>Reads images at random positions, each at most once.</summary>
    /// <param name="split">The split.</param>
    /// <param name="count">Number of images; a smaller split returns all it has.</param>
    /// <param name="seed">The seed; with the same seed, a larger count starts with the images of a smaller one.</param>
    /// <returns>The images, one after another.</returns>
    public static float[] Pick(Split split, int count, long seed)
    {
        int[] order = Order(split.Count, seed);
        int picked = Math.Min(count, split.Count);
        int pixels = split.Image.Pixels;
        var images = new float[picked * pixels];
        for (int i = 0; i < picked; i++) split.Read(order[i], epoch: 1, images.AsSpan(i * pixels, pixels));
        return images;
    }

    /// <summary>The positions of a split in the order in which they are picked.</summary>
    /// <param name="count">Examples of the split.</param>
    /// <param name="seed">The seed.</param>
    internal static int[] Order(int count, long seed)
    {
        var order = new int[count];
        Permutation.Fill(order, seed, RandomPurpose.Score, 0);
        return order;
    }
}
