namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Elementwise functions of two values.</summary>
public enum BinaryFunction
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>a, whose gradient arrives multiplied by b; none flows to b. An estimator of a gradient is written with it.</summary>
    ScaleGradient,
}
