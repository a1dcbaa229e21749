using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>
/// A subset of a dataset, addressed by position and binarised as the run file says: a training, validation or test split.
/// Reading is thread-safe.
/// </summary>
public sealed class Split
{
    private readonly IDataset _dataset;
    private readonly int[]? _ids;
    private readonly Binarizer _binarizer;

    /// <summary>Selects images of a dataset.</summary>
    /// <param name="name"><c>training</c>, <c>validation</c> or <c>test</c>.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="ids">Their indices in the dataset; null: the first <paramref name="count"/>.</param>
    /// <param name="binarizer">How grey values are binarised.</param>
    internal Split(string name, IDataset dataset, int count, int[]? ids, Binarizer binarizer)
    {
        Name = name;
        Count = count;
        _dataset = dataset;
        _ids = ids;
        _binarizer = binarizer;
    }

    /// <summary>A split of images in memory, without binarisation.</summary>
    /// <param name="name">The split's name.</param>
    /// <param name="image">Size of each image.</param>
    /// <param name="pixels">The bytes of a whole number of images, one after another, channel by channel; not copied.</param>
    /// <exception cref="ArgumentException">The bytes are not a whole number of images.</exception>
    public static Split InMemory(string name, ImageShape image, byte[] pixels)
    {
        if (pixels.Length % image.Pixels != 0)
            throw new ArgumentException($"{pixels.Length} bytes are not a whole number of {image} images", nameof(pixels));
        var images = new StoredImages(name, image, pixels);
        return new Split(name, images, images.Count, ids: null, new Binarizer(Binarization.None, Seed: 0, Fixed: true));
    }

    /// <summary><c>training</c>, <c>validation</c> or <c>test</c>.</summary>
    public string Name { get; }

    /// <summary>The dataset's name in the run file.</summary>
    public string DatasetName => _dataset.Name;

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Size of each image.</summary>
    public ImageShape Image => _dataset.Image;

    /// <summary>The factors of the dataset, by <see cref="ExampleId"/>; null if it has none.</summary>
    public IFactors? Factors => _dataset as IFactors;

    /// <summary>See <see cref="IDataset.IsInMemory"/>.</summary>
    public bool IsInMemory => _dataset.IsInMemory;

    /// <summary>The classes of the dataset, by <see cref="ExampleId"/>; null if it has none.</summary>
    public ILabels? Labels => _dataset as ILabels;

    /// <summary>The files of the dataset's images, by <see cref="ExampleId"/>; null if they are not in files of their own.</summary>
    public IReadOnlyList<string>? FileNames => (_dataset as INamedImages)?.FileNames;

    /// <summary>The example's index in the dataset, which is also its key for noise, so noise does not depend on the split.</summary>
    /// <param name="position">From 0 to <see cref="Count"/> − 1.</param>
    public int ExampleId(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
        return _ids is null ? position : _ids[position];
    }

    /// <summary>Reads one example as the model sees it.</summary>
    /// <param name="position">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="epoch">The epoch, from 1; it only affects dynamic binarisation of training images.</param>
    /// <param name="pixels">Receives <see cref="ImageShape.Pixels"/> values in [0, 1].</param>
    public void Read(int position, int epoch, Span<float> pixels) => ReadExample(ExampleId(position), epoch, pixels);

    /// <summary>Reads any image of the dataset as the model would see it, whether or not it is in the split.</summary>
    /// <param name="id">Its index in the dataset.</param>
    /// <param name="epoch">As in <see cref="Read"/>.</param>
    /// <param name="pixels">Receives <see cref="ImageShape.Pixels"/> values in [0, 1].</param>
    public void ReadExample(int id, int epoch, Span<float> pixels)
    {
        pixels = pixels[..Image.Pixels];
        _dataset.Read(id, pixels);
        _binarizer.Apply(id, epoch, pixels);
    }

    /// <summary>
    /// The mean image before binarisation, summed in float64 in the order of the examples, so the bits are the same everywhere.
    /// </summary>
    /// <returns><see cref="ImageShape.Pixels"/> values in [0, 1].</returns>
    public float[] MeanImage()
    {
        float[] pixels = new float[Image.Pixels];
        double[] sums = new double[pixels.Length];
        for (int position = 0; position < Count; position++)
        {
            _dataset.Read(ExampleId(position), pixels);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += pixels[i];
        }

        for (int i = 0; i < sums.Length; i++)
            pixels[i] = (float)(sums[i] / Count);
        return pixels;
    }
}
