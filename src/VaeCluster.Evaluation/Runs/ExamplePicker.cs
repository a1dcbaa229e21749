using VaeCluster.Core.Random;
using VaeCluster.Data;

namespace VaeCluster.Evaluation.Runs;

/// <summary>Picks examples to show: spread over the split, always the same.</summary>
public static class ExamplePicker
{
    /// <summary>Reads images from random positions, each at most once.</summary>
    /// <param name="split">The split.</param>
    /// <param name="count">How many; a smaller split gives all it has.</param>
    /// <param name="seed">Decides which: a larger count repeats the images of a smaller one and adds to them.</param>
    /// <returns>The images, one after the other.</returns>
    public static float[] Pick(Split split, int count, long seed)
    {
        var order = new int[split.Count];
        Permutation.Fill(order, seed, RandomPurpose.Score, 0);
        int picked = Math.Min(count, split.Count);
        int pixels = split.Image.Pixels;
        var images = new float[picked * pixels];
        for (int i = 0; i < picked; i++) split.Read(order[i], epoch: 1, images.AsSpan(i * pixels, pixels));
        return images;
    }
}
