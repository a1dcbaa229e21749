using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>Latent traversals: one row per latent dimension, in which only that dimension varies.</summary>
public static class Traversals
{
    /// <summary>Draws one row for each of the given dimensions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dimensions">The dimensions, top row first; see <see cref="OrderByKl"/>.</param>
    /// <param name="options">Centre, range, steps and layout.</param>
    /// <exception cref="ArgumentException">There are no dimensions, or the centre does not have length M.</exception>
    public static Raster Render(ILatentModel model, IReadOnlyList<int> dimensions, TraversalsOptions options)
    {
        if (dimensions.Count == 0) throw new ArgumentException("a traversal needs at least one dimension", nameof(dimensions));
        ReadOnlySpan<float> center = options.Center ?? new float[model.Latent];
        if (center.Length != model.Latent)
            throw new ArgumentException($"the centre has {center.Length} dimensions, the model {model.Latent}", nameof(options));

        var latents = new float[checked(dimensions.Count * options.Steps * model.Latent)];
        for (int row = 0; row < dimensions.Count; row++)
        {
            for (int step = 0; step < options.Steps; step++)
            {
                Span<float> latent = latents.AsSpan(((row * options.Steps) + step) * model.Latent, model.Latent);
                center.CopyTo(latent);
                latent[dimensions[row]] = ValueAt(step, options);
            }
        }

        var grid = new ImageGrid(dimensions.Count, options.Steps, model.Image, options.Grid);
        DecodedCells.Fill(model, latents, grid, firstRow: 0, firstColumn: 0, options.Steps);
        return grid.ToRaster();
    }

    /// <summary>The dimensions sorted by mean KL, highest (most informative) first. Equal values keep their order.</summary>
    /// <param name="klPerDimension">Mean KL of each dimension in nats; NaN comes last.</param>
    public static int[] OrderByKl(IReadOnlyList<double> klPerDimension) =>
        [.. Enumerable.Range(0, klPerDimension.Count).OrderByDescending(dimension => klPerDimension[dimension])];

    private static float ValueAt(int step, TraversalsOptions options) =>
        options.Steps == 1 ? options.From : options.From + ((options.To - options.From) * step / (options.Steps - 1));
}
