using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Images that contain every combination of the factors' values exactly once.</summary>
internal sealed class FactorImages : IDataset, IFactors
{
    private static readonly string[] DSpritesNames = ["color", "shape", "scale", "orientation", "x", "y"];
    private static readonly int[] DSpritesSizes = [1, 3, 6, 40, 32, 32];
    private static readonly string[] ShapesNames = ["floor hue", "wall hue", "object hue", "scale", "shape", "orientation"];
    private static readonly int[] ShapesSizes = [10, 10, 10, 8, 4, 15];

    private readonly IDataset _images;
    private readonly int[] _sizes;

    // Combinations are numbered with the last factor fastest.
    private readonly int[] _combinationOf;
    private readonly int[] _indexOf;

    private FactorImages(IDataset images, string[] names, int[] sizes, int[] combinationOf, int[] indexOf)
    {
        _images = images;
        FactorNames = names;
        _sizes = sizes;
        _combinationOf = combinationOf;
        _indexOf = indexOf;
    }

    public string Name => _images.Name;

    public int Count => _images.Count;

    public bool IsInMemory => _images.IsInMemory;

    public string? Stamp => _images.Stamp;

    public ImageShape Image => _images.Image;

    public IReadOnlyList<string> FactorNames { get; }

    public IReadOnlyList<int> FactorSizes => _sizes;

    /// <summary>Combines images and factors. Factors with only one value are dropped.</summary>
    /// <param name="images">The images.</param>
    /// <param name="classes">The factor values of each image, one row per image, each from 0.</param>
    /// <param name="factors">Number of factors.</param>
    /// <returns>Null if a combination is missing or occurs twice, since scores need the image of any combination.</returns>
    internal static FactorImages? TryCreate(IDataset images, ReadOnlySpan<long> classes, int factors)
    {
        long[] most = new long[factors];
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] is < 0 or > int.MaxValue - 1) return null;
            most[i % factors] = Math.Max(most[i % factors], classes[i]);
        }

        int[] all = [.. most.Select(value => (int)value + 1)];
        int[] kept = [.. Enumerable.Range(0, factors).Where(factor => all[factor] > 1)];
        Int128 combinations = kept.Aggregate((Int128)1, (product, factor) => product * all[factor]);
        if (kept.Length == 0 || combinations != images.Count) return null;

        int[] combinationOf = new int[images.Count], indexOf = new int[images.Count];
        Array.Fill(indexOf, -1);
        for (int index = 0; index < images.Count; index++)
        {
            int combination = 0;
            foreach (int factor in kept) combination = (combination * all[factor]) + (int)classes[(index * factors) + factor];
            if (indexOf[combination] >= 0) return null;
            combinationOf[index] = combination;
            indexOf[combination] = index;
        }

        // The archive of dSprites contains the names too, but pickled; the file of 3D Shapes does not.
        string[] names = all.SequenceEqual(DSpritesSizes)
            ? DSpritesNames
            : all.SequenceEqual(ShapesSizes) ? ShapesNames
            : [.. Enumerable.Range(0, factors).Select(factor => $"factor {factor}")];
        return new FactorImages(
            images, [.. kept.Select(factor => names[factor])], [.. kept.Select(factor => all[factor])], combinationOf, indexOf);
    }

    public void Read(int index, Span<float> pixels) => _images.Read(index, pixels);

    // The model does not learn from factors, so they are not part of the fingerprint.
    public string Fingerprint() => _images.Fingerprint();

    public void Factors(int index, Span<int> values)
    {
        int combination = _combinationOf[index];
        for (int i = _sizes.Length - 1; i >= 0; i--) (combination, values[i]) = Math.DivRem(combination, _sizes[i]);
    }

    public int IndexOf(ReadOnlySpan<int> values)
    {
        int combination = 0;
        for (int i = 0; i < _sizes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(values[i], nameof(values));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(values[i], _sizes[i], nameof(values));
            combination = (combination * _sizes[i]) + values[i];
        }

        return _indexOf[combination];
    }
}
