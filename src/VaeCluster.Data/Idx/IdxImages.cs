using VaeCluster.Core;

namespace VaeCluster.Data.Idx;

/// <summary>Images in IDX files: (count, height, width) for grey, (count, height, width, channels) with 1 or 3 channels for colour.</summary>
internal static class IdxImages
{
    private const int GreyRank = 3;
    private const int ColourRank = 4;

    /// <summary>Reads a file of images.</summary>
    /// <param name="name">The dataset's name in the run file.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">The file is missing, damaged, or holds no images of 1 or 3 channels.</exception>
    internal static StoredImages Read(string name, string path)
    {
        IdxArray array = IdxReader.Read(path, GreyRank, ColourRank);
        int[] sizes = array.Sizes;
        int channels = sizes.Length == ColourRank ? sizes[3] : 1;
        if (channels is not (1 or 3))
            throw new BadInputException(path, null, null, $"images have {channels} channels; 1 or 3 are read, as the last dimension");

        var image = new ImageShape(channels, sizes[1], sizes[2]);
        if (channels > 1)
            SeparateChannels(array.Bytes, image);
        return new StoredImages(name, image, array.Bytes);
    }

    /// <summary>Reads the test images that belong to training images.</summary>
    /// <param name="training">The training images.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="BadInputException">As <see cref="Read"/>, or the images are of another size.</exception>
    internal static StoredImages ReadTest(StoredImages training, string path)
    {
        StoredImages test = Read(training.Name, path);
        SameSize.Demand(training, test, path);
        return test;
    }

    // Files hold pixel after pixel, models want channel after channel.
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
