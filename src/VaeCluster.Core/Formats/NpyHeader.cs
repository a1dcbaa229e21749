namespace VaeCluster.Core.Formats;

/// <summary>The header of an .npy file.</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">The dimensions, outermost first; none for a single number.</param>
public sealed record NpyHeader(NpyType Type, IReadOnlyList<int> Shape)
{
    private const int CharacterBytes = 4;

    /// <summary>Whether the data is column-major: the first dimension varies fastest.</summary>
    public bool IsFortranOrder { get; init; }

    /// <summary>Whether the elements are stored with their most significant byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>The number of characters of an element that is text; otherwise 0.</summary>
    public int TextLength { get; init; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Bytes of one element.</summary>
    public int ElementSize => Type switch
    {
        NpyType.Text => CharacterBytes * TextLength,
        NpyType.ByteText => TextLength,
        _ => NpyElements.SizeOf(Type),
    };

    /// <summary>Bytes of the part of an element whose bytes are swapped if <see cref="IsBigEndian"/>.</summary>
    public int SwapSize => Type switch { NpyType.Text => CharacterBytes, NpyType.ByteText => 1, _ => NpyElements.SizeOf(Type) };
}
