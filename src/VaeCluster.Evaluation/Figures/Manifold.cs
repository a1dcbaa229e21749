using VaeCluster.Core;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Figures;

/// <summary>
/// The latent plane of a model with two latents, as a grid over the prior's quantiles, so that every image represents the same probability
/// mass (Kingma and Welling 2013, figure 4). The first latent increases to the right, the second upwards.
/// </summary>
public static class Manifold
{
    /// <summary>Whether a model's latent plane can be drawn.</summary>
    /// <param name="latent">Number of latent dimensions.</param>
    /// <param name="hasStandardPrior">Whether the prior is N(0, I).</param>
    public static bool Exists(int latent, bool hasStandardPrior = true) => latent == 2 && hasStandardPrior;

    /// <summary>Draws the plane.</summary>
    /// <param name="model">A model with two latents.</param>
    /// <param name="options">Size and layout.</param>
    /// <exception cref="BadInputException">The model does not have two latents, or its prior is learned.</exception>
    public static Raster Render(ILatentModel model, ManifoldOptions options)
    {
        if (!Exists(model.Latent))
        {
            throw new BadInputException(
                "manifold", "model.latent", model.Latent.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "a manifold needs exactly 2 latents; use traverse for other models");
        }

        if (model.Prior is not null)
            throw new BadInputException(
                "manifold", "model.prior", null, "a manifold needs the prior standard, whose quantiles it shows; use sample");

        int side = options.Side;
        var latents = new float[side * side * 2];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                int at = ((row * side) + column) * 2;
                latents[at] = Quantile(column, side);
                latents[at + 1] = Quantile(side - 1 - row, side);
            }
        }

        var grid = new ImageGrid(side, side, model.Image, options.Grid);
        DecodedCells.Fill(model, latents, grid, firstRow: 0, firstColumn: 0, side);
        return grid.ToRaster();
    }

    // The median of the i-th of n equally probable slices of the prior.
    private static float Quantile(int i, int n) => (float)NormalDistribution.Quantile((i + 0.5) / n);
}
