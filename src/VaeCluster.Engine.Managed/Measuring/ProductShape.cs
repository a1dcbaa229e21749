namespace VaeCluster.Engine.Managed.Measuring;

/// <summary>The kind and size of a matrix product.</summary>
/// <param name="Kind">Which of a layer's products.</param>
/// <param name="Outputs">Outputs of the layer.</param>
/// <param name="Inputs">Inputs of the layer.</param>
/// <param name="Examples">Rows of the batch.</param>
/// <param name="Shards">Number of shards in the batch.</param>
public readonly record struct ProductShape(ProductKind Kind, int Outputs, int Inputs, int Examples, int Shards)
{
    /// <summary>Floating-point operations; a multiply-add is two.</summary>
    public double Flops => 2.0 * Outputs * Inputs * Examples;

    /// <summary>Rows of the result.</summary>
    public int M => Kind == ProductKind.InputGradient ? Inputs : Outputs;

    /// <summary>Columns of the result.</summary>
    public int N => Kind == ProductKind.WeightGradient ? Inputs : Examples;

    /// <summary>Length of a sum.</summary>
    public int K => Kind switch { ProductKind.Forward => Inputs, ProductKind.WeightGradient => Examples, _ => Outputs };

    /// <summary>The products of a fully connected layer in a step.</summary>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="examples">Rows of the batch.</param>
    /// <param name="shards">Number of shards in the batch.</param>
    /// <param name="inputGradient">Whether to include the gradient of its input.</param>
    public static IEnumerable<ProductShape> OfLayer(int outputs, int inputs, int examples, int shards, bool inputGradient)
    {
        yield return new ProductShape(ProductKind.Forward, outputs, inputs, examples, shards);
        yield return new ProductShape(ProductKind.WeightGradient, outputs, inputs, examples, shards);
        if (inputGradient) yield return new ProductShape(ProductKind.InputGradient, outputs, inputs, examples, shards);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{M}×{N}×{K}";
}
