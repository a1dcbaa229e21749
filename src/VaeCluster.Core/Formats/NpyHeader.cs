namespace VaeCluster.Core.Formats;

/// <summary>The header of an .npy file.</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">The dimensions, outermost first; none for a single number.</param>
public sealed record NpyHeader(NpyType Type, IReadOnlyList<int> Shape)
{
    /// <summary>Whether the data is column-major: the first dimension varies fastest.</summary>
    public bool IsFortranOrder { get; init; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Bytes of one element.</summary>
    public int ElementSize => Type switch { NpyType.Byte => 1, NpyType.Single or NpyType.Int32 => 4, _ => 8 };
}
