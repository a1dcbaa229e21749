using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Posteriors;

/// <summary>
/// Planar flow, z' = z + û·tanh(w·z + b) with log|det| = log(1 + (1 − tanh²(w·z + b))·w·û). The encoder gives u, w and b of each step for
/// each example; û = u + (softplus(w·u) − 1 − w·u)·w/|w|², so that w·û ≥ −1 and the step has an inverse.
/// Source: Rezende and Mohamed, Variational inference with normalizing flows (2015), equations 10 to 12 and appendix A.1.
/// </summary>
/// <param name="spec">Name and fields.</param>
/// <param name="latent">Latent dimensions.</param>
public sealed class PlanarPosterior(MemberSpec spec, int latent) : Posterior
{
    // |w|² and the determinant are 0 only where float32 rounds them to 0.
    private const float Smallest = 1e-6f;

    private readonly int _steps = spec.Integer(StepsField.Name);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "planar", "planar flow from a Gaussian, with parameters from the encoder (Rezende and Mohamed 2015)", [StepsField]);

    /// <inheritdoc/>
    public override int ContextSize => _steps * ((2 * latent) + 1);

    /// <inheritdoc/>
    public override (Node Z, Node? LogDeterminant) Transform(GraphBuilder graph, Node z, Node? context)
    {
        Node? all = null;
        for (int step = 0; step < _steps; step++)
        {
            int first = step * ((2 * latent) + 1);
            Node u = graph.Slice(context!, first, latent), w = graph.Slice(context!, first + latent, latent);
            Node b = graph.Slice(context!, first + (2 * latent), 1);
            Node product = Dot(graph, w, u), square = graph.Affine(Dot(graph, w, w), 1f, Smallest);
            Node wanted = graph.Affine(graph.Unary(UnaryFunction.Softplus, product), 1f, -1f);
            Node correction = graph.Binary(BinaryFunction.Divide, graph.Subtract(wanted, product), square);
            Node invertible = graph.Add(u, graph.Binary(BinaryFunction.Multiply, w, correction));

            Node height = graph.Unary(UnaryFunction.Tanh, graph.Add(Dot(graph, w, z), b));
            z = graph.Add(z, graph.Binary(BinaryFunction.Multiply, invertible, height));
            Node slope = graph.Affine(graph.Unary(UnaryFunction.Square, height), -1f, 1f);
            Node determinant = graph.Affine(graph.Binary(BinaryFunction.Multiply, slope, Dot(graph, w, invertible)), 1f, 1f);
            Node logarithm = graph.Unary(UnaryFunction.Log, graph.Clamp(determinant, Smallest, float.MaxValue));
            all = all is null ? logarithm : graph.Add(all, logarithm);
        }

        return (z, all);
    }

    private static Node Dot(GraphBuilder graph, Node a, Node b) => graph.Sum(graph.Binary(BinaryFunction.Multiply, a, b));
}
