namespace VaeCluster.Data;

/// <summary>Class labels of a dataset's images: not used in training, only to colour figures.</summary>
public interface ILabels
{
    /// <summary>The number of classes: the largest label + 1.</summary>
    int Classes { get; }

    /// <summary>The names of the classes by their number; null if they have none.</summary>
    IReadOnlyList<string>? ClassNames => null;

    /// <summary>The class of one image.</summary>
    /// <param name="index">The image's index in the set.</param>
    /// <returns>From 0 to <see cref="Classes"/> − 1.</returns>
    int Label(int index);
}
