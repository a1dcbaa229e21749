using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Service.Pictures;

/// <summary>Draws pictures of an open model.</summary>
internal static class PictureRenderer
{
    private const int MostImages = 400, TraversedDimensions = 8;

    /// <summary>Draws a picture.</summary>
    /// <param name="shown">The open model.</param>
    /// <param name="request">What to draw.</param>
    /// <exception cref="BadInputException">The request does not fit the model.</exception>
    internal static Raster Draw(OpenModel shown, PictureRequest request)
    {
        Demand("columns", request.Columns, 1, MostImages);
        Demand("rows", request.Rows, 1, MostImages / request.Columns);
        return request.Kind switch
        {
            PictureKind.Decode => Decode(shown, request),
            PictureKind.Samples => PriorSamples.Render(
                shown.Many, new PriorSamplesOptions { Rows = request.Rows, Columns = request.Columns, Seed = request.Seed }),
            PictureKind.Reconstructions => Reconstruct(shown, request),
            PictureKind.Traversal => Traverse(shown, request),
            _ => Interpolate(shown, request),
        };
    }

    private static Raster Decode(OpenModel shown, PictureRequest request)
    {
        var pixels = new float[shown.Copy.Model.Image.Pixels];
        shown.One.Decode(Latent(shown, request), pixels);
        var grid = new ImageGrid(1, 1, shown.Copy.Model.Image, new ImageGridOptions { Gap = 0, MinTile = 1 });
        grid.Set(0, 0, pixels);
        return grid.ToRaster();
    }

    private static Raster Reconstruct(OpenModel shown, PictureRequest request)
    {
        float[] images = request.Examples is { Count: > 0 } named
            ? shown.Images(Few(named))
            : ExamplePicker.Pick(shown.Split, request.Columns * request.Rows, request.Seed);
        return Reconstructions.Render(shown.Many, images, new ReconstructionsOptions { Columns = request.Columns });
    }

    private static Raster Traverse(OpenModel shown, PictureRequest request)
    {
        if (request.From is not (>= -100 and <= 100) || request.To is not (>= -100 and <= 100))
            throw new BadInputException("request", "from, to", null, "numbers from -100 to 100");
        int latent = shown.Copy.Model.Latent;
        int[] dimensions = request.Dimensions is { Count: > 0 } named
            ? [.. named]
            : [.. Traversals.OrderByKl(shown.KlPerDimension()).Take(TraversedDimensions)];
        if (dimensions.Any(dimension => dimension < 0 || dimension >= latent))
            throw new BadInputException("request", "dimensions", string.Join(',', dimensions), $"dimensions from 0 to {latent - 1}");
        Demand("dimensions", dimensions.Length, 1, MostImages / request.Columns);
        float[] center = request is { Latent: null, Examples: [var example, ..] } ? shown.Encode(example).Mean : Latent(shown, request);
        return Traversals.Render(shown.Many, dimensions, new TraversalsOptions
        {
            Center = center,
            From = request.From,
            To = request.To,
            Steps = request.Columns,
        });
    }

    private static Raster Interpolate(OpenModel shown, PictureRequest request)
    {
        if (request.Examples is not { Count: 2 } ends)
            throw new BadInputException("request", "examples", null, "two examples, such as examples=3,7");
        Demand("columns", request.Columns, 2, MostImages);
        return Interpolations.Render(shown.Many, shown.Images(ends), new InterpolationsOptions { Steps = request.Columns });
    }

    private static float[] Latent(OpenModel shown, PictureRequest request)
    {
        int latent = shown.Copy.Model.Latent;
        if (request.Latent is not { } given) return new float[latent];
        if (given.Count != latent || given.Any(value => !(Math.Abs(value) <= 1000)))
            throw new BadInputException("request", "z", string.Join(',', given),
                $"{latent} numbers from -1000 to 1000, one for each latent dimension");
        return [.. given];
    }

    private static IReadOnlyList<int> Few(IReadOnlyList<int> examples)
    {
        Demand("examples", examples.Count, 1, MostImages);
        return examples;
    }

    private static void Demand(string field, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new BadInputException("request", field, FormattableString.Invariant($"{value}"),
                FormattableString.Invariant($"a whole number from {least} to {most}"));
    }
}
