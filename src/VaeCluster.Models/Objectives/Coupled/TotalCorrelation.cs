using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// (β − 1)·mean_i [log q̂(z_i) − Σ_k log q̂(z_ik)] with the densities of the batch's mixture, q̂(z) = (1/B) Σ_j q(z|x_j):
/// minibatch-weighted sampling of Chen et al. (2018), appendix C.1, whose size of the data set only adds a constant. Costs B²·M
/// exponentials; vectors of 16 lanes on every processor, so that the bits do not depend on it.
/// </summary>
/// <param name="latent">Latent dimensions M.</param>
/// <param name="beta">β.</param>
internal sealed class TotalCorrelation(int latent, double beta) : BatchTerm
{
    // Stands for log 0 in the lanes behind the last example; its exponential is 0.
    private const float Never = -1e30f;

    /// <inheritdoc/>
    public override int Statistics => 3 * latent;

    /// <inheritdoc/>
    public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        return [mean, logVariance, graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0))];
    }

    /// <inheritdoc/>
    protected override double Differentiate(ReadOnlySpan<float> batch, float weight, Span<double> gradient)
    {
        int examples = batch.Length / Statistics, padded = (examples + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        var work = new Scratch(latent, padded);
        for (int k = 0; k < latent; k++)
        {
            for (int j = 0; j < examples; j++)
            {
                work.Mean[(k * padded) + j] = batch[(j * Statistics) + k];
                work.LogVariance[(k * padded) + j] = batch[(j * Statistics) + latent + k];
            }

            for (int j = examples; j < padded; j++) work.LogVariance[(k * padded) + j] = -2 * Never;
        }

        VectorMath.Exp(Negated(work.LogVariance), work.Precision);
        double factor = weight * (beta - 1) / examples, sum = 0;
        for (int i = 0; i < examples; i++)
        {
            ReadOnlySpan<float> z = batch.Slice((i * Statistics) + (2 * latent), latent);
            sum += Add(z, work, gradient.Slice((i * Statistics) + (2 * latent), latent), factor);
        }

        for (int j = 0; j < examples; j++)
        {
            for (int k = 0; k < latent; k++)
            {
                gradient[(j * Statistics) + k] = factor * work.MeanSlope[(k * padded) + j];
                gradient[(j * Statistics) + latent + k] = factor * work.LogVarianceSlope[(k * padded) + j];
            }
        }

        return (factor * sum) + (weight * (beta - 1) * (latent - 1) * ScalarMath.Log(examples));
    }

    // One z against the posteriors of all examples: log Σ_j q(z|x_j) − Σ_k log Σ_j q(z_k|x_j), and its slopes.
    private double Add(ReadOnlySpan<float> z, Scratch work, Span<double> slopes, double factor)
    {
        int padded = work.Padded;
        var half = Vector512.Create(0.5f);
        work.Joint.AsSpan().Clear();
        double value = 0;
        for (int k = 0; k < latent; k++)
        {
            Span<float> terms = work.Terms.AsSpan(k * padded, padded);
            var at = Vector512.Create(z[k]);
            for (int j = 0; j < padded; j += Lanes.Count)
            {
                Vector512<float> distance = at - Lanes.Load(work.Mean, (k * padded) + j);
                Vector512<float> term = -half * (Lanes.Load(work.LogVariance, (k * padded) + j)
                    + (distance * distance * Lanes.Load(work.Precision, (k * padded) + j)));
                Lanes.Store(term, terms, j);
                Lanes.Store(Lanes.Load(work.Joint, j) + term, work.Joint, j);
            }

            value -= Softmax(terms);
        }

        value += Softmax(work.Joint);
        for (int k = 0; k < latent; k++)
        {
            Vector512<float> slope = Vector512<float>.Zero;
            var at = Vector512.Create(z[k]);
            for (int j = 0; j < padded; j += Lanes.Count)
            {
                int place = (k * padded) + j;
                Vector512<float> difference = Lanes.Load(work.Joint, j) - Lanes.Load(work.Terms, place);
                Vector512<float> distance = at - Lanes.Load(work.Mean, place);
                Vector512<float> scaled = distance * Lanes.Load(work.Precision, place);
                Vector512<float> pull = difference * scaled;
                slope -= pull;
                Lanes.Store(Lanes.Load(work.MeanSlope, place) + pull, work.MeanSlope, place);
                Vector512<float> spread = half * difference * ((scaled * distance) - Vector512<float>.One);
                Lanes.Store(Lanes.Load(work.LogVarianceSlope, place) + spread, work.LogVarianceSlope, place);
            }

            slopes[k] = factor * LaneSum.Fold(slope);
        }

        return value;
    }

    // Replaces logarithms by their shares of the sum of exponentials, and returns the logarithm of that sum.
    private static double Softmax(Span<float> terms)
    {
        Vector512<float> most = Lanes.Load(terms, 0);
        for (int j = Lanes.Count; j < terms.Length; j += Lanes.Count) most = Vector512.Max(most, Lanes.Load(terms, j));
        float largest = most[0];
        for (int lane = 1; lane < Lanes.Count; lane++) largest = Math.Max(largest, most[lane]);
        var shift = Vector512.Create(largest);
        Vector512<float> total = Vector512<float>.Zero;
        for (int j = 0; j < terms.Length; j += Lanes.Count)
        {
            Vector512<float> part = LaneMath.Exp(Lanes.Load(terms, j) - shift);
            total += part;
            Lanes.Store(part, terms, j);
        }

        float sum = LaneSum.Fold(total);
        var inverse = Vector512.Create(1f / sum);
        for (int j = 0; j < terms.Length; j += Lanes.Count) Lanes.Store(Lanes.Load(terms, j) * inverse, terms, j);
        return largest + ScalarMath.Log(sum);
    }

    private static float[] Negated(float[] values) => Array.ConvertAll(values, value => -value);

    /// <summary>Arrays of one row a latent dimension and one column an example, padded to whole vectors.</summary>
    private sealed class Scratch(int latent, int padded)
    {
        internal int Padded => padded;

        internal float[] Mean { get; } = new float[latent * padded];

        internal float[] LogVariance { get; } = new float[latent * padded];

        internal float[] Precision { get; } = new float[latent * padded];

        internal float[] Terms { get; } = new float[latent * padded];

        internal float[] Joint { get; } = new float[padded];

        internal float[] MeanSlope { get; } = new float[latent * padded];

        internal float[] LogVarianceSlope { get; } = new float[latent * padded];
    }
}
