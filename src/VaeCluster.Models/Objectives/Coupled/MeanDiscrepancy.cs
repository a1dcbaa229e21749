using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// λ·MMD²(q(z), p(z)), the maximum mean discrepancy between the batch's latents and as many draws from the prior, estimated without bias:
/// the pairs of an example with itself are left out. The draws are noise of (seed, step, example), as everything random is.
/// Source: Gretton et al., A kernel two-sample test (2012), equation 3.
/// </summary>
internal sealed class MeanDiscrepancy : BatchTerm
{
    private const string InverseMultiquadratic = "imq", RadialBasis = "rbf";

    // The sum over scales of Tolstikhin et al., Wasserstein auto-encoders (2018), appendix C.
    private static readonly double[] Scales = [0.1, 0.2, 0.5, 1, 2, 5, 10];

    private readonly int _latent;
    private readonly double _weight;
    private readonly bool _isRadialBasis;
    private readonly Func<GraphBuilder, ModelWriter, IReadOnlyList<Node>> _measure;

    /// <summary>The term of an objective.</summary>
    /// <param name="latent">Latent dimensions.</param>
    /// <param name="weight">λ.</param>
    /// <param name="kernel">The value of <see cref="KernelField"/>.</param>
    /// <param name="measure">Writes z and the draws from the prior.</param>
    internal MeanDiscrepancy(
        int latent, double weight, string kernel, Func<GraphBuilder, ModelWriter, IReadOnlyList<Node>> measure)
    {
        (_latent, _weight, _isRadialBasis, _measure) = (latent, weight, kernel == RadialBasis, measure);
    }

    /// <inheritdoc/>
    public override int Statistics => 2 * _latent;

    /// <summary>The field that chooses the kernel.</summary>
    /// <param name="standard">Its default.</param>
    internal static FieldRule KernelField(string standard) => new(
        "kernel", FieldKind.Text,
        "kernel of two latent vectors a and b with M elements: imq, Σ_s C/(C + ‖a − b‖²) with C = 2M·s for s from 0.1 to 10; rbf, "
        + "exp(−‖a − b‖²/2M)")
    {
        Default = standard,
        Words = [InverseMultiquadratic, RadialBasis],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model) => _measure(graph, model);

    /// <inheritdoc/>
    protected override double Differentiate(ReadOnlySpan<float> batch, float weight, Span<double> gradient)
    {
        int examples = batch.Length / Statistics;
        double within = _weight / ((double)examples * Math.Max(1, examples - 1)), across = _weight / ((double)examples * examples);
        double term = 0;
        for (int i = 0; i < examples; i++)
        {
            ReadOnlySpan<float> z = batch.Slice(i * Statistics, _latent), draw = batch.Slice((i * Statistics) + _latent, _latent);
            Span<double> slopes = gradient.Slice(i * Statistics, _latent);
            for (int j = 0; j < examples; j++)
            {
                ReadOnlySpan<float> other = batch.Slice(j * Statistics, _latent);
                ReadOnlySpan<float> otherDraw = batch.Slice((j * Statistics) + _latent, _latent);
                if (j != i)
                {
                    (double kernel, double slope) = Kernel(z, other);
                    term += within * (kernel + Kernel(draw, otherDraw).Value);
                    for (int k = 0; k < _latent; k++) slopes[k] += 4 * within * slope * (z[k] - other[k]);
                }

                (double cross, double crossSlope) = Kernel(z, otherDraw);
                term -= 2 * across * cross;
                for (int k = 0; k < _latent; k++) slopes[k] -= 4 * across * crossSlope * (z[k] - otherDraw[k]);
            }
        }

        return term;
    }

    // The kernel, and its slope by the squared distance.
    private (double Value, double Slope) Kernel(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double distance = 0;
        for (int k = 0; k < a.Length; k++) distance += ((double)a[k] - b[k]) * ((double)a[k] - b[k]);
        if (_isRadialBasis)
        {
            double value = ScalarMath.Exp(-distance / (2 * _latent));
            return (value, -value / (2 * _latent));
        }

        (double sum, double slope) = (0, 0);
        foreach (double scale in Scales)
        {
            double c = 2 * _latent * scale, inverse = 1 / (c + distance);
            sum += c * inverse;
            slope -= c * inverse * inverse;
        }

        return (sum, slope);
    }
}
