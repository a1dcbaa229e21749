using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>
/// Interpolations between pairs of examples, one row per pair: the first input on the left, the second on the right, and between them the
/// decoded points of the straight line from one μ to the other, both ends included.
/// </summary>
public static class Interpolations
{
    /// <summary>Draws a row for each pair.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">n ≥ 1 pairs of images, one pair after another.</param>
    /// <param name="options">Steps and layout.</param>
    /// <exception cref="ArgumentException">There are no images, or their number is odd.</exception>
    public static Raster Render(ILatentModel model, ReadOnlySpan<float> images, InterpolationsOptions options)
    {
        int pixels = model.Image.Pixels;
        int count = images.Length / pixels;
        if (count < 2 || count % 2 != 0) throw new ArgumentException("an interpolation needs pairs of images", nameof(images));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 2, nameof(options));

        var means = new float[count * model.Latent];
        model.Encode(images, means, []);
        var grid = new ImageGrid(count / 2, options.Steps + 2, model.Image, options.Grid);
        for (int pair = 0; pair < count / 2; pair++)
        {
            ReadOnlySpan<float> from = means.AsSpan(2 * pair * model.Latent, model.Latent);
            ReadOnlySpan<float> to = means.AsSpan(((2 * pair) + 1) * model.Latent, model.Latent);
            DecodedCells.Fill(model, Line(from, to, options.Steps), grid, pair, firstColumn: 1, options.Steps);
            grid.Set(pair, 0, images.Slice(2 * pair * pixels, pixels));
            grid.Set(pair, options.Steps + 1, images.Slice(((2 * pair) + 1) * pixels, pixels));
        }

        return grid.ToRaster();
    }

    private static float[] Line(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps)
    {
        var line = new float[steps * from.Length];
        for (int step = 0; step < steps; step++)
        {
            float share = (float)step / (steps - 1);
            for (int j = 0; j < from.Length; j++) line[(step * from.Length) + j] = ((1f - share) * from[j]) + (share * to[j]);
        }

        return line;
    }
}
