using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Images with a class each.</summary>
internal sealed class LabelledImages : IDataset, ILabels
{
    private readonly IDataset _images;
    private readonly int[] _labels;

    /// <summary>Joins images and classes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="labels">A class for each of them, from 0.</param>
    internal LabelledImages(IDataset images, int[] labels)
    {
        _images = images;
        _labels = labels;
        Classes = labels.Max() + 1;
    }

    public string Name => _images.Name;

    public int Count => _images.Count;

    public bool IsInMemory => _images.IsInMemory;

    public ImageShape Image => _images.Image;

    public int Classes { get; }

    public void Read(int index, Span<float> pixels) => _images.Read(index, pixels);

    public int Label(int index) => _labels[index];

    // Labels teach the model nothing, so they are no part of what it learnt from.
    public string Fingerprint() => _images.Fingerprint();
}
