using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>Pairs of rows: inputs, and below them their reconstructions from μ.</summary>
public static class Reconstructions
{
    /// <summary>Draws pairs of rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">n ≥ 1 images, one after another.</param>
    /// <param name="options">Columns and layout.</param>
    public static Raster Render(ILatentModel model, ReadOnlySpan<float> images, ReconstructionsOptions options)
    {
        int pixels = model.Image.Pixels;
        int count = images.Length / pixels;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(images));

        int columns = Math.Min(options.Columns, count);
        var means = new float[count * model.Latent];
        model.Encode(images, means, []);
        var decoded = new float[count * pixels];
        model.Decode(means, decoded);

        var grid = new ImageGrid(2 * ((count + columns - 1) / columns), columns, model.Image, options.Grid);
        for (int i = 0; i < count; i++)
        {
            int row = 2 * (i / columns);
            grid.Set(row, i % columns, images.Slice(i * pixels, pixels));
            grid.Set(row + 1, i % columns, decoded.AsSpan(i * pixels, pixels));
        }

        return grid.ToRaster();
    }
}
