using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Sprites;

/// <summary>
/// The dataset <c>dsprites</c>: 737,280 black-and-white images of 64×64, every combination of 3 shapes, 6 scales, 40 orientations and
/// 32×32 positions (Matthey et al. 2017), drawn when they are read. Nothing is stored or downloaded.
/// </summary>
public sealed class DSprites : IDataset, IFactors
{
    private const string Strides = "strides";

    private static readonly string[] Names = ["shape", "scale", "orientation", "x", "y"];

    private static readonly int[] FullSizes = [3, 6, SpriteRenderer.Orientations, SpriteRenderer.Positions, SpriteRenderer.Positions];

    private readonly int[] _strides;
    private readonly int[] _sizes;

    /// <summary>The whole set, or a regular subset of it.</summary>
    /// <param name="strides">
    /// For each of shape, scale, orientation, x and y: n ≥ 1 takes every n-th of its values, starting with the first.
    /// </param>
    public DSprites(ReadOnlySpan<int> strides)
    {
        if (strides.Length != Names.Length)
            throw new ArgumentException($"{Names.Length} strides are needed, not {strides.Length}.", nameof(strides));
        foreach (int stride in strides)
            ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1, nameof(strides));
        _strides = strides.ToArray();
        _sizes = [.. FullSizes.Zip(_strides, (size, stride) => (size + stride - 1) / stride)];
        Count = _sizes.Aggregate((count, size) => count * size);
    }

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "dsprites",
            "white sprites on black, 64×64, drawn on the fly from 5 factors: shape, scale, orientation, x, y",
            [
                new FieldRule(
                    Strides, FieldKind.IntegerMap, "take every n-th value of a factor; default: 1 for each factor, all 737,280 images")
                {
                    Words = Names,
                    Min = 1,
                    Max = int.MaxValue / 2,
                },
            ]),
        Open);

    /// <inheritdoc/>
    public string Name => Kind.Member.Name;

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImageShape Image { get; } = new(1, SpriteRenderer.Side, SpriteRenderer.Side);

    /// <inheritdoc/>
    public IReadOnlyList<string> FactorNames => Names;

    /// <inheritdoc/>
    public IReadOnlyList<int> FactorSizes => _sizes;

    /// <inheritdoc/>
    public void Read(int index, Span<float> pixels)
    {
        Span<int> values = stackalloc int[Names.Length];
        Factors(index, values);
        for (int i = 0; i < values.Length; i++)
            values[i] *= _strides[i];
        SpriteRenderer.Draw(new SpritePose(values[0], values[1], values[2], values[3], values[4]), pixels);
    }

    /// <inheritdoc/>
    public void Factors(int index, Span<int> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        for (int i = _sizes.Length - 1; i >= 0; i--)
            (index, values[i]) = Math.DivRem(index, _sizes[i]);
    }

    /// <inheritdoc/>
    public int IndexOf(ReadOnlySpan<int> values)
    {
        int index = 0;
        for (int i = 0; i < _sizes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(values[i], nameof(values));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(values[i], _sizes[i], nameof(values));
            index = index * _sizes[i] + values[i];
        }

        return index;
    }

    /// <inheritdoc/>
    public string Fingerprint()
    {
        // Increase the version if any pixel changes.
        string definition = $"dsprites version 1 strides {string.Join(' ', _strides)}\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(definition)));
    }

    private static DatasetPair Open(MemberSpec spec)
    {
        int[] strides = [1, 1, 1, 1, 1];
        if (spec.Has(Strides))
        {
            foreach ((string factor, long stride) in (IReadOnlyDictionary<string, long>)spec.Values[Strides])
                strides[Array.IndexOf(Names, factor)] = (int)stride;
        }

        return new DatasetPair(new DSprites(strides), Test: null);
    }
}
