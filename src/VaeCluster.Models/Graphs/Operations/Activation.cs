namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The activation function of a layer.</summary>
public enum Activation
{
    /// <summary>None.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x if positive, else x/100 (PyTorch's default slope).</summary>
    LeakyRelu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>log(1 + e^x).</summary>
    Softplus,

    /// <summary>x/(1 + e^−x), also called swish.</summary>
    Silu,
}
