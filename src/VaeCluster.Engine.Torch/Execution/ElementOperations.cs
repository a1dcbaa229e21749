using TorchSharp;
using VaeCluster.Models.Graphs.Operations;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>Functions of elements and rows, in float32. Numbers are made once: each would be a call and an object a step.</summary>
internal sealed class ElementOperations : IDisposable
{
    private static readonly float LogTwoPi = (float)Math.Log(2 * Math.PI);

    private readonly Dictionary<float, Scalar> _numbers = [];

    /// <summary>A function of each element.</summary>
    /// <param name="operation">Which, with its constants.</param>
    /// <param name="x">The elements.</param>
    internal Tensor Unary(UnaryOperation operation, Tensor x) => operation.Function switch
    {
        UnaryFunction.Relu => x.relu(),
        UnaryFunction.LeakyRelu => x.leaky_relu(Number(operation.A)),
        UnaryFunction.Tanh => x.tanh(),
        UnaryFunction.Sigmoid => x.sigmoid(),
        UnaryFunction.Softplus => x.softplus(),
        UnaryFunction.Exp => x.exp(),
        UnaryFunction.Log => x.log(),
        UnaryFunction.Square => x.pow(Number(2f)),
        UnaryFunction.Abs => x.abs(),
        UnaryFunction.Affine => Affine(x, operation.A, operation.B),
        UnaryFunction.Clamp => x.clamp(Number(operation.A), Number(operation.B)),
        UnaryFunction.ContinuousBernoulliMean => LikelihoodOperations.ContinuousBernoulliMean(x),
        UnaryFunction.Silu => x.silu(),
        UnaryFunction.Stop => x.detach(),
        _ => throw new NotSupportedException($"unknown function {operation.Function}"),
    };

    /// <summary>A function of two elements; [rows, 1] and [1, size] are repeated.</summary>
    /// <param name="function">Which.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    internal Tensor Binary(BinaryFunction function, Tensor a, Tensor b) => function switch
    {
        BinaryFunction.Add => a.add(b, Number(1f)),
        BinaryFunction.Subtract => a.sub(b),
        BinaryFunction.Multiply => a.mul(b),
        BinaryFunction.Divide => a.div(b),
        BinaryFunction.ScaleGradient => ScaleGradient(a, b),
        _ => throw new NotSupportedException($"unknown function {function}"),
    };

    // a + (a·b − a·b): the difference is 0, and autograd sees in it only the first product.
    private Tensor ScaleGradient(Tensor a, Tensor b)
    {
        using Tensor factor = b.detach(), value = a.detach();
        using Tensor product = a.mul(factor);
        using Tensor same = product.detach();
        using Tensor nothing = product.sub(same);
        return value.add(nothing, Number(1f));
    }

    /// <summary>μ + exp(½·log σ²)·ε.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ².</param>
    /// <param name="noise">ε.</param>
    internal Tensor Reparameterize(Tensor mean, Tensor logVariance, Tensor noise)
    {
        using Tensor half = logVariance.mul(Number(0.5f));
        using Tensor deviation = half.exp();
        return mean.addcmul(deviation, noise, Number(1f));
    }

    /// <summary>½(μ² + σ² − log σ² − 1).</summary>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ².</param>
    internal Tensor GaussianKl(Tensor mean, Tensor logVariance)
    {
        using Tensor square = mean.pow(Number(2f));
        using Tensor variance = logVariance.exp();
        using Tensor sum = square.add(variance, Number(1f));
        using Tensor difference = sum.sub(logVariance);
        return Affine(difference, 0.5f, -0.5f);
    }

    /// <summary>log((1/k) Σ e^v), element by element.</summary>
    /// <param name="values">The k values.</param>
    internal static Tensor LogMeanExp(Tensor[] values)
    {
        using Tensor all = stack(values);
        using Tensor sum = all.logsumexp(0);
        using Scalar count = (float)Math.Log(values.Length);
        return sum.sub(count);
    }

    /// <summary>Σ x·l − log(1 + e^l) of each row.</summary>
    /// <param name="logits">l.</param>
    /// <param name="x">The pixels.</param>
    internal static Tensor Bernoulli(Tensor logits, Tensor x)
    {
        using Tensor chosen = x.mul(logits);
        using Tensor normalizer = logits.softplus();
        using Tensor difference = chosen.sub(normalizer);
        return difference.sum(1, keepdim: true);
    }

    /// <summary>−½ Σ (x − m)²·e^−v + v + log 2π of each row.</summary>
    /// <param name="mean">m.</param>
    /// <param name="logVariance">v, one a pixel or one for all.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="pixels">How many.</param>
    internal Tensor Gaussian(Tensor mean, Tensor logVariance, Tensor x, int pixels)
    {
        using Tensor error = x.sub(mean);
        using Tensor square = error.pow(Number(2f));
        using Tensor minus = logVariance.neg();
        using Tensor precision = minus.exp();
        using Tensor scaled = square.mul(precision);
        using Tensor density = scaled.add(logVariance, Number(1f));
        using Tensor sum = density.sum(1, keepdim: true);
        return Affine(sum, -0.5f, -0.5f * pixels * LogTwoPi);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Scalar number in _numbers.Values) number.Dispose();
        _numbers.Clear();
    }

    private Tensor Affine(Tensor x, float a, float b)
    {
        if (b == 0f) return a == -1f ? x.neg() : x.mul(Number(a));
        if (a == 1f) return x.add(Number(b));
        using Tensor product = x.mul(Number(a));
        return product.add(Number(b));
    }

    private Scalar Number(float value)
    {
        if (!_numbers.TryGetValue(value, out Scalar? number)) _numbers.Add(value, number = value);
        return number;
    }
}
