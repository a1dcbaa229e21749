using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>How the dimensions of an array of images are to be read.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Image">Size of each.</param>
/// <param name="ChannelsLast">Whether the channels of a pixel lie side by side.</param>
internal sealed record ImageLayout(int Count, ImageShape Image, bool ChannelsLast)
{
    private const string First = "channels-first";
    private const string Last = "channels-last";
    private const long MostValues = 1 << 28;

    /// <summary>The rule of the field that decides where the shape does not.</summary>
    internal static FieldRule Field { get; } = new(
        "layout", FieldKind.Text, "where the channels stand in count × height × width × channels; left out: where the 1 or 3 is")
    {
        Words = [First, Last],
    };

    /// <summary>Reads a shape.</summary>
    /// <param name="spec">The choice, with or without <see cref="Field"/>.</param>
    /// <param name="shape">The array's dimensions.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <exception cref="BadInputException">These are no images of 1 or 3 channels, or it cannot be told which dimension holds the channels.</exception>
    internal static ImageLayout Of(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        if (shape.Count is not (3 or 4))
        {
            throw Bad(file, shape, "images are count × height × width, or with 1 or 3 channels in front of height or after width; "
                + "reshape the array");
        }

        int empty = Enumerable.Range(0, shape.Count).FirstOrDefault(i => shape[i] == 0, -1);
        if (empty >= 0) throw Bad(file, shape, empty == 0 ? "at least 1 image is needed" : "an image needs at least 1 pixel");

        bool last = shape.Count == 4 && ChannelsAreLast(spec, shape, file);
        (int channels, int height, int width) = shape.Count == 3 ? (1, shape[1], shape[2])
            : last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        if ((long)height * width * channels > MostValues) throw Bad(file, shape, string.Create(CultureInfo.InvariantCulture, $"an image has at most {MostValues} values"));
        return new ImageLayout(shape[0], new ImageShape(channels, height, width), last && channels > 1);
    }

    private static bool ChannelsAreLast(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        bool first = shape[1] is 1 or 3, last = shape[3] is 1 or 3;
        if (spec.Has(Field.Name))
        {
            bool wanted = spec.Text(Field.Name) == Last;
            if (wanted ? last : first) return wanted;
            throw Bad(file, shape, $"layout is {spec.Text(Field.Name)}, but there are {(wanted ? shape[3] : shape[1])} channels; 1 or 3 are read");
        }

        if (!first && !last) throw Bad(file, shape, "1 or 3 channels are read, in the second or in the last dimension");
        if (first && last && shape[1] != shape[3]) throw Ambiguous(file, shape);
        if (first && last && shape[1] > 1) throw Ambiguous(file, shape);
        return last;
    }

    private static BadInputException Ambiguous(string file, IReadOnlyList<int> shape) =>
        Bad(file, shape, $"either dimension may hold the channels; say layout: {First} or layout: {Last}");

    private static BadInputException Bad(string file, IReadOnlyList<int> shape, string allowed) => new(file, "shape", $"({string.Join(", ", shape)})", allowed);
}
