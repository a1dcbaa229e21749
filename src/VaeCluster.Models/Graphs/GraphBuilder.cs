using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Graphs;

/// <summary>Builds a graph: each method checks the shapes, appends one node and returns it.</summary>
public sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Node> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _outputs = new(StringComparer.Ordinal);
    private readonly List<string> _scalars = [];

    /// <summary>An input.</summary>
    /// <param name="name">A unique name.</param>
    /// <param name="shape">Dimensions of one row.</param>
    public Node Input(string name, params IReadOnlyList<int> shape)
    {
        Node node = Append(new InputOperation(name), shape, perExample: true);
        _inputs.Add(name, node);
        return node;
    }

    /// <summary>A parameter as a node.</summary>
    /// <param name="slice">The slice of the flat vector.</param>
    public Node Parameter(ParameterSlice slice) => Append(new ParameterOperation(slice), slice.Shape, perExample: false);

    /// <summary>A parameter whose first dimension counts rows: a batch of its own.</summary>
    /// <param name="slice">The slice of the flat vector, with at least two dimensions.</param>
    public Node ParameterRows(ParameterSlice slice)
    {
        Require(slice.Shape.Count > 1, $"{slice.Name} has no rows");
        return Append(new ParameterRowsOperation(slice), [.. slice.Shape.Skip(1)], perExample: false, slice.Shape[0]);
    }

    /// <summary>A fully connected layer; the input is flattened.</summary>
    /// <param name="x">The input.</param>
    /// <param name="weight">Of shape [outputs, size of x].</param>
    /// <param name="bias">Of shape [outputs].</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <param name="mask">Which weights count; null: all.</param>
    public Node Dense(
        Node x, ParameterSlice weight, ParameterSlice bias, Activation activation = Activation.Identity, DenseMask? mask = null)
    {
        Require(weight.Shape.Count == 2 && weight.Shape[1] == x.Size, $"{weight.Name} does not match {x.Size} inputs");
        Require(bias.Length == weight.Shape[0], $"{bias.Name} does not match {weight.Name}");
        Require(mask is null || mask.Fits(weight.Shape[0], weight.Shape[1]), $"the mask does not match {weight.Name}");
        return Activated(activation, inner => Append(new DenseOperation(weight, bias, inner, mask), [x], [weight.Shape[0]]));
    }

    /// <summary>A convolution.</summary>
    /// <param name="x">Of shape [channels, height, width].</param>
    /// <param name="weight">Of shape [outputs, channels, kernel, kernel].</param>
    /// <param name="bias">Of shape [outputs].</param>
    /// <param name="stride">Step between positions.</param>
    /// <param name="padding">Zero padding on each side.</param>
    /// <param name="activation">Applied to the sums.</param>
    public Node Conv2d(
        Node x, ParameterSlice weight, ParameterSlice bias, int stride, int padding, Activation activation = Activation.Identity)
    {
        Require(x.Shape.Count == 3 && weight.Shape.Count == 4 && weight.Shape[1] == x.Shape[0], $"{weight.Name} does not match {x}");
        Require(bias.Length == weight.Shape[0], $"{bias.Name} does not match {weight.Name}");
        int height = ((x.Shape[1] + (2 * padding) - weight.Shape[2]) / stride) + 1;
        int width = ((x.Shape[2] + (2 * padding) - weight.Shape[3]) / stride) + 1;
        Require(height > 0 && width > 0, $"{weight.Name} is larger than {x}");
        return Activated(activation, inner => Append(
            new Conv2dOperation(weight, bias, stride, padding, inner), [x], [weight.Shape[0], height, width]));
    }

    /// <summary>A transposed convolution.</summary>
    /// <param name="x">Of shape [channels, height, width].</param>
    /// <param name="weight">Of shape [channels, outputs, kernel, kernel].</param>
    /// <param name="bias">Of shape [outputs].</param>
    /// <param name="stride">Step between the output positions of adjacent inputs.</param>
    /// <param name="padding">Rows and columns removed from each side.</param>
    /// <param name="activation">Applied to the sums.</param>
    public Node ConvTranspose2d(
        Node x, ParameterSlice weight, ParameterSlice bias, int stride, int padding, Activation activation = Activation.Identity)
    {
        Require(x.Shape.Count == 3 && weight.Shape.Count == 4 && weight.Shape[0] == x.Shape[0], $"{weight.Name} does not match {x}");
        Require(bias.Length == weight.Shape[1], $"{bias.Name} does not match {weight.Name}");
        int height = ((x.Shape[1] - 1) * stride) - (2 * padding) + weight.Shape[2];
        int width = ((x.Shape[2] - 1) * stride) - (2 * padding) + weight.Shape[3];
        Require(height > 0 && width > 0, $"the result of {weight.Name} on {x} is empty");
        return Activated(activation, inner => Append(
            new ConvTranspose2dOperation(weight, bias, stride, padding, inner), [x], [weight.Shape[1], height, width]));
    }

    /// <summary>Group normalisation; see <see cref="GroupNormOperation"/>.</summary>
    /// <param name="x">Of shape [channels] or [channels, height, width].</param>
    /// <param name="scale">Of shape [channels].</param>
    /// <param name="shift">Of shape [channels].</param>
    /// <param name="groups">Number of groups, which divides the channels.</param>
    /// <param name="activation">Applied to the result.</param>
    public Node GroupNorm(Node x, ParameterSlice scale, ParameterSlice shift, int groups, Activation activation = Activation.Identity)
    {
        Require(x.HasRows && scale.Length == x.Shape[0], $"{scale.Name} does not match {x}");
        Require(shift.Length == scale.Length, $"{shift.Name} does not match {scale.Name}");
        Require(groups > 0 && x.Shape[0] % groups == 0, $"{groups} groups do not divide {x}");
        return Append(new GroupNormOperation(scale, shift, groups, activation), [x], x.Shape);
    }

    /// <summary>Each channel times a factor; no gradient flows to the factors.</summary>
    /// <param name="x">Of shape [channels] or [channels, height, width].</param>
    /// <param name="factors">Of shape [channels], for each example.</param>
    public Node ChannelScale(Node x, Node factors)
    {
        Require(x.PerExample && factors.PerExample && factors.Size == x.Shape[0], $"{factors} does not match {x}");
        return Append(new ChannelScaleOperation(), [x, factors], x.Shape);
    }

    /// <summary>Every position becomes a square of equal positions.</summary>
    /// <param name="x">Of shape [channels, height, width].</param>
    /// <param name="factor">Side of the square.</param>
    public Node Upsample(Node x, int factor)
    {
        Require(x.HasRows && x.Shape.Count == 3 && factor > 0, $"{x} cannot be upsampled {factor} times");
        return Append(new UpsampleOperation(factor), [x], [x.Shape[0], x.Shape[1] * factor, x.Shape[2] * factor]);
    }

    /// <summary>The mean of every square of positions.</summary>
    /// <param name="x">Of shape [channels, height, width].</param>
    /// <param name="factor">Side of the square, which divides height and width.</param>
    public Node AveragePool(Node x, int factor)
    {
        Require(
            x.HasRows && x.Shape.Count == 3 && factor > 0 && x.Shape[1] % factor == 0 && x.Shape[2] % factor == 0,
            $"{x} has no squares of {factor}×{factor}");
        return Append(new AveragePoolOperation(factor), [x], [x.Shape[0], x.Shape[1] / factor, x.Shape[2] / factor]);
    }

    /// <summary>The same elements in another shape.</summary>
    /// <param name="x">The value.</param>
    /// <param name="shape">Dimensions with the same product.</param>
    public Node Reshape(Node x, params IReadOnlyList<int> shape)
    {
        Require(shape.Aggregate(
            1, (product, dimension) => product * dimension) == x.Size, $"{x} cannot be reshaped to {string.Join('×', shape)}");
        return Append(new ReshapeOperation(), [x], shape);
    }

    /// <summary>A range of consecutive features.</summary>
    /// <param name="x">The value.</param>
    /// <param name="offset">Index of the first feature.</param>
    /// <param name="length">Number of features.</param>
    public Node Slice(Node x, int offset, int length)
    {
        Require(offset >= 0 && length > 0 && offset + length <= x.Size, $"{x} has no features {offset}..{offset + length}");
        return Append(new SliceOperation(offset), [x], [length]);
    }

    /// <summary>An elementwise function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">The value.</param>
    /// <param name="a">Its first constant.</param>
    /// <param name="b">Its second constant.</param>
    public Node Unary(UnaryFunction function, Node x, float a = 0f, float b = 0f) =>
        Append(new UnaryOperation(function, a, b), [x], x.Shape);

    /// <summary>a·x + b.</summary>
    /// <param name="x">The value.</param>
    /// <param name="a">The factor.</param>
    /// <param name="b">The summand.</param>
    public Node Affine(Node x, float a, float b = 0f) => Unary(UnaryFunction.Affine, x, a, b);

    /// <summary>x clamped to [min, max].</summary>
    /// <param name="x">The value.</param>
    /// <param name="min">Lower limit.</param>
    /// <param name="max">Upper limit.</param>
    public Node Clamp(Node x, float min, float max) => Unary(UnaryFunction.Clamp, x, min, max);

    /// <summary>An elementwise function of two values, with the broadcasting of <see cref="BinaryOperation"/>.</summary>
    /// <param name="function">The function.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public Node Binary(BinaryFunction function, Node a, Node b)
    {
        Require(a.Size == b.Size || a.Size == 1 || b.Size == 1, $"the sizes of {a} and {b} do not match");
        return Append(new BinaryOperation(function), [a, b], a.Size >= b.Size ? a.Shape : b.Shape);
    }

    /// <summary>a + b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public Node Add(Node a, Node b) => Binary(BinaryFunction.Add, a, b);

    /// <summary>a − b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public Node Subtract(Node a, Node b) => Binary(BinaryFunction.Subtract, a, b);

    /// <summary>x, to whose origin no gradient flows.</summary>
    /// <param name="x">The value.</param>
    public Node Stop(Node x) => Unary(UnaryFunction.Stop, x);

    /// <summary>x, whose gradient arrives multiplied by a factor.</summary>
    /// <param name="x">The value.</param>
    /// <param name="factor">The factor, one element or as many as x has; no gradient flows to it.</param>
    public Node ScaleGradient(Node x, Node factor)
    {
        Require(factor.Size == 1 || factor.Size == x.Size, $"the sizes of {x} and {factor} do not match");
        return Binary(BinaryFunction.ScaleGradient, x, factor);
    }

    /// <summary>Each element times a scalar that the caller sets for the step.</summary>
    /// <param name="x">The value.</param>
    /// <param name="scalar">The scalar's name.</param>
    public Node Scale(Node x, string scalar)
    {
        if (!_scalars.Contains(scalar)) _scalars.Add(scalar);
        return Append(new ScaleOperation(scalar), [x], x.Shape);
    }

    /// <summary>Each element minus a scalar that the caller sets for the step.</summary>
    /// <param name="x">The value.</param>
    /// <param name="scalar">The scalar's name.</param>
    public Node Shift(Node x, string scalar)
    {
        if (!_scalars.Contains(scalar)) _scalars.Add(scalar);
        return Append(new ShiftOperation(scalar), [x], x.Shape);
    }

    /// <summary>log((1/k) Σ e^v) of values of equal size, element by element.</summary>
    /// <param name="values">The k values.</param>
    public Node LogMeanExp(IReadOnlyList<Node> values)
    {
        Require(values.Count > 0 && values.All(value => value.Size == values[0].Size && value.PerExample), "the values differ in size");
        return Append(new LogMeanExpOperation(), [.. values], values[0].Shape);
    }

    /// <summary>The mean of values of equal size, element by element; summed in the given order.</summary>
    /// <param name="values">The values.</param>
    public Node Mean(IReadOnlyList<Node> values) =>
        values.Count == 1 ? values[0] : Affine(values.Aggregate(Add), 1f / values.Count);

    /// <summary>The sum of each row.</summary>
    /// <param name="x">The value.</param>
    public Node Sum(Node x) => Append(new SumOperation(), [x], [1]);

    /// <summary>z = μ + σ·ε.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ².</param>
    /// <param name="noise">ε.</param>
    public Node Reparameterize(Node mean, Node logVariance, Node noise)
    {
        Require(mean.Size == logVariance.Size && mean.Size == noise.Size, "μ, log σ² and ε differ in size");
        return Append(new ReparameterizeOperation(), [mean, logVariance, noise], mean.Shape);
    }

    /// <summary>KL divergence from N(0, I) of each latent dimension, in nats.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ².</param>
    public Node GaussianKl(Node mean, Node logVariance)
    {
        Require(mean.Size == logVariance.Size, "μ and log σ² differ in size");
        return Append(new GaussianKlOperation(), [mean, logVariance], mean.Shape);
    }

    /// <summary>The log-density of each example under a mixture of Gaussians; see <see cref="MixtureLogDensityOperation"/>.</summary>
    /// <param name="z">The examples' latents.</param>
    /// <param name="mean">The components' means, a row each.</param>
    /// <param name="logVariance">The components' log-variances, a row each.</param>
    /// <param name="logit">The logits of their weights, a row each; null: equal weights.</param>
    public Node MixtureLogDensity(Node z, Node mean, Node logVariance, Node? logit = null)
    {
        Require(
            z.PerExample && mean.FixedRows is not null && logVariance.FixedRows == mean.FixedRows && mean.Size == z.Size
                && logVariance.Size == z.Size, "z, means and log-variances do not match");
        Require(logit is null || (logit.FixedRows == mean.FixedRows && logit.Size == 1), "a component has one logit");
        return Append(new MixtureLogDensityOperation(), logit is null ? [z, mean, logVariance] : [z, mean, logVariance, logit], [1]);
    }

    /// <summary>log p(x | logits) of each row.</summary>
    /// <param name="logits">One per pixel.</param>
    /// <param name="x">The pixels.</param>
    public Node BernoulliLogLikelihood(Node logits, Node x)
    {
        Require(logits.Size == x.Size, "the numbers of logits and pixels differ");
        return Append(new BernoulliLogLikelihoodOperation(), [logits, x], [1]);
    }

    /// <summary>log p(x | mean, variance) of each row.</summary>
    /// <param name="mean">One per pixel.</param>
    /// <param name="logVariance">One per pixel, or one for all pixels.</param>
    /// <param name="x">The pixels.</param>
    public Node GaussianLogLikelihood(Node mean, Node logVariance, Node x)
    {
        Require(mean.Size == x.Size
            && (logVariance.Size == x.Size || logVariance.Size == 1), "the numbers of means, variances and pixels differ");
        return Append(new GaussianLogLikelihoodOperation(), [mean, logVariance, x], [1]);
    }

    /// <summary>log p(x | location, scale) of each row for Laplace-distributed pixels.</summary>
    /// <param name="location">One per pixel.</param>
    /// <param name="logScale">One per pixel, or one for all pixels.</param>
    /// <param name="x">The pixels.</param>
    public Node LaplaceLogLikelihood(Node location, Node logScale, Node x) =>
        LocationScale(new LaplaceLogLikelihoodOperation(), location, logScale, x);

    /// <summary>log P(x | location, scale) of each row for pixels with a discretised logistic distribution.</summary>
    /// <param name="location">One per pixel.</param>
    /// <param name="logScale">One per pixel, or one for all pixels.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="levels">Number of values that a pixel can have.</param>
    public Node DiscretizedLogisticLogLikelihood(Node location, Node logScale, Node x, int levels = 256) =>
        LocationScale(new DiscretizedLogisticLogLikelihoodOperation(levels), location, logScale, x);

    /// <summary>log p(x | logits) of each row for continuous Bernoulli pixels.</summary>
    /// <param name="logits">One per pixel.</param>
    /// <param name="x">The pixels.</param>
    public Node ContinuousBernoulliLogLikelihood(Node logits, Node x)
    {
        Require(logits.Size == x.Size, "the numbers of logits and pixels differ");
        return Append(new ContinuousBernoulliLogLikelihoodOperation(), [logits, x], [1]);
    }

    /// <summary>Declares an output.</summary>
    /// <param name="name">A unique name.</param>
    /// <param name="node">The value.</param>
    public void Output(string name, Node node) => _outputs.Add(name, node);

    /// <summary>Finishes the graph.</summary>
    /// <param name="parameters">The layout of the flat parameter vector.</param>
    /// <param name="loss">The loss to differentiate; null for a graph that only runs forward.</param>
    public Graph Build(ParameterLayout parameters, Node? loss = null)
    {
        Require(loss is null || (loss.Size == 1 && loss.PerExample), "a loss must have one element per example");
        return new Graph([.. _nodes], parameters, _inputs, _outputs, [.. _scalars], loss);
    }

    private Node LocationScale(Operation operation, Node location, Node logScale, Node x)
    {
        Require(location.Size == x.Size
            && (logScale.Size == x.Size || logScale.Size == 1), "the numbers of locations, scales and pixels differ");
        return Append(operation, [location, logScale, x], [1]);
    }

    // There is a row per example if any input has one. Rows of another number meet them in no operation but a mixture's density.
    private Node Append(Operation operation, IReadOnlyList<Node> inputs, IReadOnlyList<int> shape)
    {
        bool perExample = inputs.Any(input => input.PerExample);
        int[] rows = [.. inputs.Select(input => input.FixedRows).OfType<int>().Distinct()];
        Require(
            rows.Length == 0 || operation is MixtureLogDensityOperation || (rows.Length == 1 && !perExample),
            $"{operation} would mix values with different numbers of rows");
        return Append(operation, shape, perExample, perExample || rows.Length == 0 ? null : rows[0], inputs);
    }

    private Node Append(
        Operation operation, IReadOnlyList<int> shape, bool perExample, int? fixedRows = null, IReadOnlyList<Node>? inputs = null)
    {
        var node = new Node(_nodes.Count, operation, inputs ?? [], [.. shape], perExample, fixedRows);
        _nodes.Add(node);
        return node;
    }

    // Engines differentiate a layer's activation from its result, which SiLU, not being monotone, does not allow.
    private Node Activated(Activation activation, Func<Activation, Node> layer) => activation == Activation.Silu
        ? Unary(UnaryFunction.Silu, layer(Activation.Identity))
        : layer(activation);

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
