using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>The meaning of the dimensions of an array of images.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Image">Size of each.</param>
/// <param name="ChannelsLast">Whether the channels are the last dimension.</param>
internal sealed record ImageLayout(int Count, ImageShape Image, bool ChannelsLast)
{
    private const string First = "channels-first";
    private const string Last = "channels-last";
    private const long MostValues = 1 << 28;

    /// <summary>The field that decides if the shape is ambiguous.</summary>
    internal static FieldRule Field { get; } = new(
        "layout", FieldKind.Text, "position of the channels in a 4-dimensional array; default: the dimension of size 1 or 3")
    {
        Words = [First, Last],
    };

    /// <summary>Interprets a shape.</summary>
    /// <param name="spec">The dataset's fields, with or without <see cref="Field"/>.</param>
    /// <param name="shape">The array's dimensions.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">
    /// The shape is not that of images with 1 or 3 channels, or the channel dimension is ambiguous.
    /// </exception>
    internal static ImageLayout Of(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        if (shape.Count is not (3 or 4))
        {
            throw Bad(
                file, shape,
                "expected count × height × width, optionally with 1 or 3 channels before height or after width; reshape the array");
        }

        int empty = Enumerable.Range(0, shape.Count).FirstOrDefault(i => shape[i] == 0, -1);
        if (empty >= 0) throw Bad(file, shape, empty == 0 ? "at least 1 image is required" : "an image must have at least 1 pixel");

        bool last = shape.Count == 4 && ChannelsAreLast(spec, shape, file);
        (int channels, int height, int width) = shape.Count == 3 ? (1, shape[1], shape[2])
            : last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        if ((long)height * width * channels > MostValues)
            throw Bad(file, shape, string.Create(CultureInfo.InvariantCulture, $"an image has at most {MostValues} values"));
        return new ImageLayout(shape[0], new ImageShape(channels, height, width), last && channels > 1);
    }

    private static bool ChannelsAreLast(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        bool first = shape[1] is 1 or 3, last = shape[3] is 1 or 3;
        if (spec.Has(Field.Name))
        {
            bool wanted = spec.Text(Field.Name) == Last;
            if (wanted ? last : first) return wanted;
            throw Bad(
                file, shape, $"layout is {spec.Text(Field.Name)}, which gives {(wanted ? shape[3] : shape[1])} channels; expected 1 or 3");
        }

        if (!first && !last) throw Bad(file, shape, "expected 1 or 3 channels in the second or the last dimension");
        if (first && last && shape[1] != shape[3]) throw Ambiguous(file, shape);
        if (first && last && shape[1] > 1) throw Ambiguous(file, shape);
        return last;
    }

    private static BadInputException Ambiguous(string file, IReadOnlyList<int> shape) =>
        Bad(file, shape, $"two dimensions could be the channels; set layout: {First} or layout: {Last}");

    private static BadInputException Bad(string file, IReadOnlyList<int> shape, string allowed) =>
        new(file, "shape", $"({string.Join(", ", shape)})", allowed);
}
