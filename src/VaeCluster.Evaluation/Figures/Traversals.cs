using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>What each latent dimension means: a row a dimension, in which that dimension alone moves.</summary>
public static class Traversals
{
    /// <summary>Draws one row for each dimension asked for, in their order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dimensions">The dimensions, top row first; see <see cref="OrderByKl"/>.</param>
    /// <param name="options">Centre, range, steps and looks.</param>
    /// <exception cref="ArgumentException">No dimension, or a centre of another length than M.</exception>
    public static Raster Render(ILatentModel model, IReadOnlyList<int> dimensions, TraversalsOptions options)
    {
        if (dimensions.Count == 0) throw new ArgumentException("a traversal shows at least one dimension", nameof(dimensions));
        ReadOnlySpan<float> center = options.Center ?? new float[model.Latent];
        if (center.Length != model.Latent) throw new ArgumentException($"the centre has {center.Length} of {model.Latent} dimensions", nameof(options));

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

    /// <summary>The dimensions by their mean KL, highest first: those that carry information come to the top. Equal values keep their order.</summary>
    /// <param name="klPerDimension">Mean KL of each dimension in nats; a value that is not a number comes last.</param>
    public static int[] OrderByKl(IReadOnlyList<double> klPerDimension) =>
        [.. Enumerable.Range(0, klPerDimension.Count).OrderByDescending(dimension => klPerDimension[dimension])];

    private static float ValueAt(int step, TraversalsOptions options) =>
        options.Steps == 1 ? options.From : options.From + ((options.To - options.From) * step / (options.Steps - 1));
}
