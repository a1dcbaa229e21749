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
    private const int Rgba = 4;

    /// <summary>The field that decides if the shape is ambiguous.</summary>
    internal static FieldRule Field { get; } = new(
        "layout", FieldKind.Text, "position of the channels in a 4-dimensional array; default: the dimension of size 1, 3 or 4")
    {
        Words = [First, Last],
    };

    /// <summary>The field that gives the size of images that are rows of an array.</summary>
    internal static FieldRule SizeField { get; } = new(
        "size", FieldKind.IntegerList, "height and width of images that are one row each, for an array of count × pixels")
    {
        Min = 1,
        Max = 8192,
    };

    /// <summary>Whether a fourth channel is stored that is the opacity; images are blended with black, as image files are.</summary>
    internal bool HasOpacity { get; private init; }

    /// <summary>Channels of a stored pixel.</summary>
    internal int StoredChannels => HasOpacity ? Rgba : Image.Channels;

    /// <summary>Values stored for one image.</summary>
    internal int StoredValues => Image.Height * Image.Width * StoredChannels;

    /// <summary>Interprets a shape.</summary>
    /// <param name="spec">The dataset's fields, with or without <see cref="Field"/> and <see cref="SizeField"/>.</param>
    /// <param name="shape">The array's dimensions.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">
    /// The shape is not that of images with 1, 3 or 4 channels, or the channel dimension is ambiguous.
    /// </exception>
    internal static ImageLayout Of(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        if (shape.Count == 2 && spec.Has(SizeField.Name)) return OfRows(spec, shape, file);
        if (shape.Count is not (3 or 4))
        {
            throw Bad(
                file, shape,
                "expected count × height × width, optionally with 1 or 3 channels before height or after width; "
                + (shape.Count == 2 ? $"if each row is an image, set {SizeField.Name}: {SizeHint(shape[1])}" : "reshape the array"));
        }

        int empty = Enumerable.Range(0, shape.Count).FirstOrDefault(i => shape[i] == 0, -1);
        if (empty >= 0) throw Bad(file, shape, empty == 0 ? "at least 1 image is required" : "an image must have at least 1 pixel");
        bool last = shape.Count == 4 && ChannelsAreLast(spec, shape, file);
        (int channels, int height, int width) = shape.Count == 3 ? (1, shape[1], shape[2])
            : last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        CheckSize(file, shape, (long)height * width * channels);
        if (spec.Has(SizeField.Name) && Size(spec) is var (wantedHeight, wantedWidth) && (wantedHeight, wantedWidth) != (height, width))
            throw Bad(file, shape, $"{SizeField.Name} is {wantedHeight}×{wantedWidth}, but images are {height}×{width}; arrays are not resized");
        return Make(shape[0], channels, height, width, last);
    }

    private static ImageLayout OfRows(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        if (shape[0] == 0) throw Bad(file, shape, "at least 1 image is required");
        (int height, int width) = Size(spec);
        long area = (long)height * width;
        if (shape[1] % area != 0 || shape[1] / area is not (1 or 3 or Rgba))
        {
            throw Bad(file, shape, string.Create(
                CultureInfo.InvariantCulture,
                $"{SizeField.Name} is {height}×{width}, which needs {area} values in a row, or {3 * area} for colour"));
        }

        CheckSize(file, shape, shape[1]);
        int channels = (int)(shape[1] / area);
        if (channels > 1 && !spec.Has(Field.Name)) throw Ambiguous(file, shape);
        return Make(shape[0], channels, height, width, channels > 1 && spec.Text(Field.Name) == Last);
    }

    private static ImageLayout Make(int count, int channels, int height, int width, bool last) =>
        new(count, new ImageShape(channels == Rgba ? 3 : channels, height, width), last && channels > 1) { HasOpacity = channels == Rgba };

    private static (int Height, int Width) Size(MemberSpec spec)
    {
        int[] size = spec.Integers(SizeField.Name);
        return size.Length is 1 or 2 ? (size[0], size[^1]) : throw new BadInputException(
            BadInputException.RunFile, $"data.{SizeField.Name}", $"[{string.Join(", ", size)}]", "[height, width], or [side]");
    }

    private static string SizeHint(int values)
    {
        int side = (int)Math.Round(Math.Sqrt(values));
        return side * side == values ? $"[{side}, {side}]" : "[height, width]";
    }

    private static bool ChannelsAreLast(MemberSpec spec, IReadOnlyList<int> shape, string file)
    {
        bool first = shape[1] is 1 or 3, last = shape[3] is 1 or 3;
        if (spec.Has(Field.Name))
        {
            bool wanted = spec.Text(Field.Name) == Last;
            if (wanted ? last || shape[3] == Rgba : first || shape[1] == Rgba) return wanted;
            throw Bad(
                file, shape,
                $"layout is {spec.Text(Field.Name)}, which gives {(wanted ? shape[3] : shape[1])} channels; expected 1 or 3, or 4 for RGBA");
        }

        // Four is more often a small image than red, green, blue and opacity, so it is looked at last.
        if (!first && !last) (first, last) = (shape[1] == Rgba, shape[3] == Rgba);
        if (!first && !last) throw Bad(file, shape, "expected 1 or 3 channels, or 4 for RGBA, in the second or the last dimension");
        if (first && last && (shape[1] != shape[3] || shape[1] > 1)) throw Ambiguous(file, shape);
        return last;
    }

    private static void CheckSize(string file, IReadOnlyList<int> shape, long values)
    {
        if (values > MostValues)
            throw Bad(file, shape, string.Create(CultureInfo.InvariantCulture, $"an image has at most {MostValues} values"));
    }

    private static BadInputException Ambiguous(string file, IReadOnlyList<int> shape) =>
        Bad(file, shape, $"{(shape.Count == 2 ? "the channels may be first or last" : "two dimensions could be the channels")}; "
            + $"set layout: {First} or layout: {Last}");

    private static BadInputException Bad(string file, IReadOnlyList<int> shape, string allowed) =>
        new(file, "shape", $"({string.Join(", ", shape)})", allowed);
}
