using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>Generated images: decoded samples from the prior, N(0, I) or a learned mixture.</summary>
public static class PriorSamples
{
    /// <summary>Draws a grid of samples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Size, seed and layout.</param>
    public static Raster Render(ILatentModel model, PriorSamplesOptions options)
    {
        float[] latents = Draw(options.Rows * options.Columns, model.Latent, options.Seed, model.Prior);
        var grid = new ImageGrid(options.Rows, options.Columns, model.Image, options.Grid);
        DecodedCells.Fill(model, latents, grid, firstRow: 0, firstColumn: 0, options.Columns);
        return grid.ToRaster();
    }

    /// <summary>Draws latents from the prior; sample i does not depend on the number of samples.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="latent">Number of latent dimensions M.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="prior">The prior, if it is not N(0, I).</param>
    /// <returns>count rows of M.</returns>
    public static float[] Draw(int count, int latent, long seed, LatentMixture? prior = null)
    {
        var latents = new float[checked(count * latent)];
        for (int i = 0; i < count; i++)
        {
            var stream = new RandomStream(seed, RandomPurpose.PriorSample, 0, (uint)i);
            if (prior is null) stream.FillNormal(latents.AsSpan(i * latent, latent));
            else prior.Draw(stream, latents.AsSpan(i * latent, latent));
        }

        return latents;
    }
}
