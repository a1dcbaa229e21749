using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Idx;

/// <summary>
/// Images in IDX files: (count, height, width) for grey, (count, height, width, channels) with 1 or 3 channels for colour.
/// </summary>
internal static class IdxImages
{
    private const int GreyRank = 3;
    private const int ColourRank = 4;
    private const long MostImageBytes = 1L << 30;
    private const string Transpose = "transpose";

    /// <summary>The field that turns images that lie on their side.</summary>
    internal static FieldRule TransposeField { get; } = new(
        Transpose, FieldKind.Flag, "true: swap rows and columns of each image, as EMNIST needs it")
    {
        Default = false,
    };

    /// <summary>Reads a file of images.</summary>
    /// <param name="spec">The dataset's fields, with or without black, white and <see cref="TransposeField"/>.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">The file is missing or damaged, or does not contain images with 1 or 3 channels.</exception>
    internal static IDataset Read(MemberSpec spec, string path)
    {
        IdxArray array = IdxReader.Read(path, GreyRank, ColourRank);
        int[] sizes = array.Sizes;
        int channels = sizes.Length == ColourRank ? sizes[3] : 1;
        if ((Int128)channels * sizes[1] * sizes[2] * NpyElements.SizeOf(array.Type) > MostImageBytes)
            throw new BadInputException(path, null, null, $"has images of {sizes[1]}×{sizes[2]}; an image has at most {MostImageBytes} bytes");
        if (channels is not (1 or 3))
            throw new BadInputException(path, null, null, $"images have {channels} channels; expected 1 or 3, as the last dimension");
        bool isTurned = spec.Has(Transpose) && spec.Flag(Transpose);
        var stored = new ImageShape(channels, sizes[1], sizes[2]);
        ImageShape image = isTurned ? new ImageShape(channels, sizes[2], sizes[1]) : stored;
        if (channels > 1 || isTurned) Arrange(array.Bytes, stored, isTurned, NpyElements.SizeOf(array.Type));
        if (array.Type == NpyType.Byte && !GreyScale.IsGiven(spec)) return new StoredImages(spec.Name, image, array.Bytes);

        var bytes = new MemoryBytes(array.Bytes);
        var layout = new ImageLayout(sizes[0], image, ChannelsLast: false);
        var images = new ArrayImages(spec.Name, path, layout, array.Type, bytes, GreyScale.Of(spec, array.Type, bytes, path));
        images.Check();
        return images;
    }

    /// <summary>Reads held-out images, which must have the size of the training images.</summary>
    /// <param name="spec">As for <see cref="Read"/>.</param>
    /// <param name="training">The training images.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">As for <see cref="Read"/>, or the images have another size.</exception>
    internal static IDataset ReadHeldOut(MemberSpec spec, IDataset training, string path)
    {
        IDataset images = Read(spec, path);
        SameSize.Check(training, images, path);
        return images;
    }

    /// <summary>Reads the classes of images: one whole number for each, or one-hot rows.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="images">The images.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">The file is missing or damaged, or does not have one class for each image.</exception>
    internal static LabelledImages WithLabels(MemberSpec spec, IDataset images, string path)
    {
        IdxArray labels = IdxReader.Read(path, 1, 2);
        if (labels.Sizes[0] != images.Count)
            throw new BadInputException(path, null, null, $"has {labels.Sizes[0]} labels for {images.Count} images");
        return LabelTable.Of(spec, new NpyArray(new NpyHeader(labels.Type, labels.Sizes), labels.Bytes), path, images.Count).On(images);
    }

    // Files store the channels of a pixel together; models need one channel after another.
    private static void Arrange(byte[] bytes, ImageShape image, bool isTurned, int size)
    {
        int area = image.Height * image.Width;
        byte[] original = new byte[image.Pixels * size];
        for (int start = 0; start < bytes.Length; start += original.Length)
        {
            Span<byte> planes = bytes.AsSpan(start, original.Length);
            planes.CopyTo(original);
            for (int i = 0; i < area; i++)
            {
                (int y, int x) = Math.DivRem(i, image.Width);
                int place = isTurned ? (x * image.Height) + y : i;
                for (int channel = 0; channel < image.Channels; channel++)
                    original.AsSpan(((i * image.Channels) + channel) * size, size).CopyTo(planes[(((channel * area) + place) * size)..]);
            }
        }
    }
}
