using VaeCluster.Core.Numerics;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Reference;

/// <summary>Elementwise functions and their derivatives in float64.</summary>
internal static class ReferenceFunctions
{
    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    internal static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    internal static double Apply(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.Relu => Math.Max(x, 0),
        UnaryFunction.LeakyRelu => x > 0 ? x : operation.A * x,
        UnaryFunction.Tanh => Math.Tanh(x),
        UnaryFunction.Sigmoid => Sigmoid(x),
        UnaryFunction.Softplus => Softplus(x),
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => Math.Log(x),
        UnaryFunction.Square => x * x,
        UnaryFunction.Abs => Math.Abs(x),
        UnaryFunction.Affine => (operation.A * x) + operation.B,
        UnaryFunction.Clamp => Math.Clamp(x, operation.A, operation.B),
        UnaryFunction.ContinuousBernoulliMean => ContinuousBernoulli.Mean(x),
        UnaryFunction.Stop => x,
        UnaryFunction.Silu => x * Sigmoid(x),
        _ => throw new NotSupportedException($"unknown function {operation.Function}"),
    };

    internal static double Derivative(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.Relu => x > 0 ? 1 : 0,
        UnaryFunction.LeakyRelu => x > 0 ? 1 : operation.A,
        UnaryFunction.Tanh => 1 - (Math.Tanh(x) * Math.Tanh(x)),
        UnaryFunction.Sigmoid => Sigmoid(x) * (1 - Sigmoid(x)),
        UnaryFunction.Softplus => Sigmoid(x),
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => 1 / x,
        UnaryFunction.Square => 2 * x,
        UnaryFunction.Abs => Math.Sign(x),
        UnaryFunction.Affine => operation.A,
        UnaryFunction.Clamp => x >= operation.A && x <= operation.B ? 1 : 0,
        UnaryFunction.ContinuousBernoulliMean => ContinuousBernoulli.Variance(x),
        UnaryFunction.Stop => 0,
        UnaryFunction.Silu => Sigmoid(x) * (1 + (x * (1 - Sigmoid(x)))),
        _ => throw new NotSupportedException($"unknown function {operation.Function}"),
    };

    internal static double Apply(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => a + b,
        BinaryFunction.Subtract => a - b,
        BinaryFunction.Multiply => a * b,
        BinaryFunction.Divide => a / b,
        BinaryFunction.ScaleGradient => a,
        _ => throw new NotSupportedException($"unknown function {function}"),
    };

    internal static (double A, double B) Derivatives(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => (1, 1),
        BinaryFunction.Subtract => (1, -1),
        BinaryFunction.Multiply => (b, a),
        BinaryFunction.Divide => (1 / b, -a / (b * b)),
        BinaryFunction.ScaleGradient => (b, 0),
        _ => throw new NotSupportedException($"unknown function {function}"),
    };

    /// <summary>An activation as a unary operation; null for the identity.</summary>
    internal static UnaryOperation? Function(Activation activation) => activation switch
    {
        Activation.Identity => null,
        Activation.Relu => new UnaryOperation(UnaryFunction.Relu),
        Activation.LeakyRelu => new UnaryOperation(UnaryFunction.LeakyRelu, 0.01f),
        Activation.Tanh => new UnaryOperation(UnaryFunction.Tanh),
        Activation.Softplus => new UnaryOperation(UnaryFunction.Softplus),
        Activation.Silu => new UnaryOperation(UnaryFunction.Silu),
        _ => throw new NotSupportedException($"unknown activation {activation}"),
    };

    /// <summary>
    /// The derivative of an activation as a function of its result, which is possible because a layer's activations are monotone.
    /// </summary>
    internal static double DerivativeFromResult(Activation activation, double y) => activation switch
    {
        Activation.Identity => 1,
        Activation.Relu => y > 0 ? 1 : 0,
        Activation.LeakyRelu => y > 0 ? 1 : 0.01f,
        Activation.Tanh => 1 - (y * y),
        Activation.Softplus => 1 - Math.Exp(-y),
        _ => throw new NotSupportedException($"unknown activation {activation}"),
    };
}
