using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Images with class labels.</summary>
internal sealed class LabelledImages : IDataset, ILabels, INamedImages
{
    private readonly IDataset _images;
    private readonly int[] _labels;

    /// <summary>Combines images and labels.</summary>
    /// <param name="images">The images.</param>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="names">The names of the classes; null if they have none.</param>
    internal LabelledImages(IDataset images, int[] labels, IReadOnlyList<string>? names = null)
    {
        ClassNames = names;
        _images = images;
        _labels = labels;
        Classes = names?.Count ?? (labels.Max() + 1);
    }

    public string Name => _images.Name;

    public int Count => _images.Count;

    public bool IsInMemory => _images.IsInMemory;

    public string? Stamp => _images.Stamp;

    public ImageShape Image => _images.Image;

    public int Classes { get; }

    public IReadOnlyList<string>? ClassNames { get; }

    public void Read(int index, Span<float> pixels) => _images.Read(index, pixels);

    public int Label(int index) => _labels[index];

    public IReadOnlyList<string>? FileNames => (_images as INamedImages)?.FileNames;

    // The model does not learn from labels, so they are not part of the fingerprint.
    public string Fingerprint() => _images.Fingerprint();
}
