using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Graphs;

/// <summary>One value of a graph: an operation applied to earlier values.</summary>
public sealed class Node
{
    internal Node(int id, Operation operation, IReadOnlyList<Node> inputs, IReadOnlyList<int> shape, bool perExample, int? fixedRows)
    {
        Id = id;
        Operation = operation;
        Inputs = inputs;
        Shape = shape;
        PerExample = perExample;
        FixedRows = fixedRows;
        Size = shape.Aggregate(1, (product, dimension) => checked(product * dimension));
    }

    /// <summary>Position in <see cref="Graph.Nodes"/>; inputs come before the nodes that use them.</summary>
    public int Id { get; }

    /// <summary>The operation that computes the value.</summary>
    public Operation Operation { get; }

    /// <summary>The operands.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The operands to which a gradient flows.</summary>
    public IEnumerable<Node> DifferentiatedInputs => Operation switch
    {
        UnaryOperation { Function: UnaryFunction.Stop } => [],
        BinaryOperation { Function: BinaryFunction.ScaleGradient } or ChannelScaleOperation => Inputs.Take(1),
        _ => Inputs,
    };

    /// <summary>The parameters that the operation reads itself.</summary>
    public IReadOnlyList<ParameterSlice> Parameters => Operation switch
    {
        ParameterOperation parameter => [parameter.Slice],
        ParameterRowsOperation parameter => [parameter.Slice],
        DenseOperation dense => [dense.Weight, dense.Bias],
        Conv2dOperation conv => [conv.Weight, conv.Bias],
        ConvTranspose2dOperation conv => [conv.Weight, conv.Bias],
        GroupNormOperation norm => [norm.Scale, norm.Shift],
        _ => [],
    };

    /// <summary>Dimensions of one row, without the batch: [features] or [channels, height, width].</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements of one row.</summary>
    public int Size { get; }

    /// <summary>Whether there is one row per example; false for parameters, which have a single row.</summary>
    public bool PerExample { get; }

    /// <summary>
    /// The number of rows of a value that has its own, whatever the number of examples: what is computed of the rows of a parameter, such
    /// as the components of a mixture. Null for any other value.
    /// </summary>
    public int? FixedRows { get; }

    /// <summary>Whether it has rows, one per example or a number of its own.</summary>
    public bool HasRows => PerExample || FixedRows is not null;

    /// <summary>Number of rows.</summary>
    /// <param name="examples">Rows of the batch.</param>
    public int Rows(int examples) => PerExample ? examples : FixedRows ?? 1;

    /// <inheritdoc/>
    public override string ToString() => $"#{Id} {Operation} [{string.Join('×', Shape)}]";
}
