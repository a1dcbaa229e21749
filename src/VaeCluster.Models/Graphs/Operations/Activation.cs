namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The function that a layer applies to its sums.</summary>
public enum Activation
{
    /// <summary>None: the sums themselves.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x where positive, else x/100, as PyTorch's default.</summary>
    LeakyRelu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>log(1 + e^x).</summary>
    Softplus,
}
