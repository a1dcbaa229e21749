using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Reports;

/// <summary>Draws the images of a report, sized so that a row fills the page and the page stays small for any image size.</summary>
/// <param name="model">The model.</param>
/// <param name="examples">The images to show, at least one.</param>
/// <param name="seed">Seed of the prior samples.</param>
internal sealed class ReportFigures(ILatentModel model, float[] examples, long seed)
{
    private const int PageWidth = 1000;
    private const int MostOpen = 12, MostFolded = 12, Pairs = 3;

    private readonly ImageGridOptions _grid = new();

    /// <summary>Number of examples that the figures need.</summary>
    internal static int ExamplesNeeded(ImageShape image) => Math.Max(2 * ColumnsOf(image, new ImageGridOptions()), 2 * Pairs);

    internal ReportFigure Reconstructed() => Single(
        "Reconstructions", "Upper row of each pair: inputs. Lower row: reconstructions from the mean of q(z|x).",
        Reconstructions.Render(model, examples, new ReconstructionsOptions { Columns = Columns, Grid = _grid }));

    internal ReportFigure Sampled() => Single(
        "Samples", $"Generated images: decoded samples from {(model.Prior is null ? "the prior N(0, I)" : "the learned prior")}.",
        PriorSamples.Render(model, new PriorSamplesOptions { Rows = 4, Columns = Columns, Seed = seed, Grid = _grid }));

    /// <summary>One row per dimension; inactive dimensions are collapsed.</summary>
    internal ReportFigure Traversed(IReadOnlyList<DimensionKl> dimensions)
    {
        int[] order = Traversals.OrderByKl([.. dimensions.Select(dimension => dimension.Rank)]);
        int[] open = [.. order.Where(d => dimensions[d].Active).Take(MostOpen)];
        int[] folded = [.. order.Except(open).Take(MostFolded)];
        return new ReportFigure(
            "Latent traversals",
            $"One row per latent dimension, highest {(model.HasClosedFormKl ? "KL" : "variance of the mean")} first: "
                + "it varies from −3 to 3 while the others stay at the code of one example.",
            [.. open.Select(d => Traversed(dimensions[d]))])
        {
            Folded = [.. folded.Select(d => Traversed(dimensions[d]))],
            FoldedTitle = folded.Length == 1 ? "One more dimension" : $"{folded.Length} more dimensions",
        };
    }

    internal ReportFigure Interpolated()
    {
        int pairs = Math.Min(Pairs, examples.Length / model.Image.Pixels / 2);
        return Single(
            "Interpolation", "From the input on the left to the input on the right, along the straight line between their codes.",
            Interpolations.Render(
                model, examples.AsSpan(0, 2 * pairs * model.Image.Pixels),
                new InterpolationsOptions { Steps = Math.Max(Columns - 2, 2), Grid = _grid }));
    }

    /// <summary>Whether there are two examples to interpolate between.</summary>
    internal bool CanInterpolate => examples.Length >= 2 * model.Image.Pixels;

    internal ReportFigure Plane() => Single(
        "Manifold", "The latent plane over the prior's quantiles: the first latent increases to the right, the second upwards.",
        Manifold.Render(model, new ManifoldOptions { Side = Math.Clamp(PageWidth / Math.Max(model.Image.Width, 28), 4, 20) }));

    private int Columns => ColumnsOf(model.Image, _grid);

    private static int ColumnsOf(ImageShape image, ImageGridOptions grid)
    {
        int side = Math.Max(image.Width, image.Height);
        int factor = Math.Max(1, (grid.MinTile + side - 1) / side);
        return Math.Clamp(PageWidth / ((image.Width + grid.Gap) * factor), 3, 14);
    }

    private ReportImage Traversed(DimensionKl dimension)
    {
        // An odd number of steps includes the middle of the range.
        int steps = Math.Max((Math.Min(Columns, 13) - 1) | 1, 3);
        Raster raster =
            Traversals.Render(model, [dimension.Dimension], new TraversalsOptions { Center = Center(), Steps = steps, Grid = _grid });
        return new ReportImage(
            $"z{dimension.Dimension}", double.IsNaN(dimension.Kl) ? null : $"{ReportText.Number(dimension.Kl)} nats",
            $"Images while latent dimension {dimension.Dimension} varies from -3 to 3", raster);
    }

    private float[] Center()
    {
        var mean = new float[model.Latent];
        model.Encode(examples.AsSpan(0, model.Image.Pixels), mean, []);
        return mean;
    }

    private static ReportFigure Single(string title, string caption, Raster raster) =>
        new(title, caption, [new ReportImage(null, null, title, raster)]);
}
