namespace VaeCluster.Core.Parameters;

/// <summary>One named tensor inside the flat parameter vector, row-major.</summary>
/// <param name="Name">The name in PyTorch's style, for example <c>encoder.0.weight</c>; unique in a layout.</param>
/// <param name="Shape">The dimensions, outermost first.</param>
/// <param name="Offset">Index of the first element in the flat vector.</param>
/// <param name="FanIn">
/// Number of inputs that one output sums over: initial values are uniform in ±1/√<paramref name="FanIn"/>, as in PyTorch's Linear
/// and Conv layers. 0: all values start at <paramref name="InitialValue"/>.
/// </param>
/// <param name="InitialValue">The initial value of every element if <paramref name="FanIn"/> is 0.</param>
public sealed record ParameterSlice(string Name, IReadOnlyList<int> Shape, int Offset, int FanIn, float InitialValue = 0f)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, dimension) => checked(product * dimension));

    /// <summary>This slice of a flat vector.</summary>
    /// <param name="flat">A vector of the whole layout.</param>
    public Span<float> Of(Span<float> flat) => flat.Slice(Offset, Length);

    /// <summary>This slice of a flat vector.</summary>
    /// <param name="flat">A vector of the whole layout.</param>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> flat) => flat.Slice(Offset, Length);
}
