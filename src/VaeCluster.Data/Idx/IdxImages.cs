using VaeCluster.Core;

namespace VaeCluster.Data.Idx;

/// <summary>
/// Images in IDX files: (count, height, width) for grey, (count, height, width, channels) with 1 or 3 channels for colour.
/// </summary>
internal static class IdxImages
{
    private const int GreyRank = 3;
    private const int ColourRank = 4;

    /// <summary>Reads a file of images.</summary>
    /// <param name="name">The dataset's name in the run file.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">The file is missing or damaged, or does not contain images with 1 or 3 channels.</exception>
    internal static StoredImages Read(string name, string path)
    {
        IdxArray array = IdxReader.Read(path, GreyRank, ColourRank);
        int[] sizes = array.Sizes;
        int channels = sizes.Length == ColourRank ? sizes[3] : 1;
        if (channels is not (1 or 3))
            throw new BadInputException(path, null, null, $"images have {channels} channels; expected 1 or 3, as the last dimension");

        var image = new ImageShape(channels, sizes[1], sizes[2]);
        if (channels > 1)
            SeparateChannels(array.Bytes, image);
        return new StoredImages(name, image, array.Bytes);
    }

    /// <summary>Reads test images, which must have the size of the training images.</summary>
    /// <param name="training">The training images.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">As for <see cref="Read"/>, or the images have another size.</exception>
    internal static StoredImages ReadTest(StoredImages training, string path)
    {
        StoredImages test = Read(training.Name, path);
        SameSize.Check(training, test, path);
        return test;
    }

    // Files store the channels of a pixel together; models need one channel after another.
    private static void SeparateChannels(byte[] bytes, ImageShape image)
    {
        int area = image.Height * image.Width;
        byte[] original = new byte[image.Pixels];
        for (int start = 0; start < bytes.Length; start += image.Pixels)
        {
            Span<byte> planes = bytes.AsSpan(start, image.Pixels);
            planes.CopyTo(original);
            for (int channel = 0; channel < image.Channels; channel++)
            {
                for (int i = 0; i < area; i++)
                    planes[channel * area + i] = original[i * image.Channels + channel];
            }
        }
    }
}
