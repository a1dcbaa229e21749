namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Elementwise functions of one value.</summary>
public enum UnaryFunction
{
    /// <summary>max(x, 0); derivative 0 at 0.</summary>
    Relu,

    /// <summary>x if positive, else A·x; derivative A at 0.</summary>
    LeakyRelu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1/(1 + e^−x).</summary>
    Sigmoid,

    /// <summary>log(1 + e^x), without overflow.</summary>
    Softplus,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>Natural logarithm.</summary>
    Log,

    /// <summary>x².</summary>
    Square,

    /// <summary>|x|; derivative 0 at 0.</summary>
    Abs,

    /// <summary>A·x + B, fused.</summary>
    Affine,

    /// <summary>x clamped to [A, B]; derivative 1 inside and at the limits, 0 outside, as in PyTorch.</summary>
    Clamp,

    /// <summary>1/(1 − e^−x) − 1/x, ½ at 0: the mean of a continuous Bernoulli distribution with logit x.</summary>
    ContinuousBernoulliMean,

    /// <summary>x; derivative 0, so that no gradient flows to what x was computed from.</summary>
    Stop,

    /// <summary>x/(1 + e^−x), also called swish.</summary>
    Silu,
}
