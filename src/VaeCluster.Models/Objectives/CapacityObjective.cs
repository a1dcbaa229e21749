using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// Reconstruction + γ·|KL − C| with a capacity C that rises over the steps. There are two definitions: with the mean KL of the batch,
/// γ·|mean_i KL_i − C|, which couples the examples, and with each example's KL, mean_i γ·|KL_i − C|.
/// Source: Burgess et al., Understanding disentangling in β-VAE (2018), section 5.
/// </summary>
public sealed class CapacityObjective : Objective
{
    private static readonly FieldRule From = new("from", FieldKind.Number, "capacity C at the first step, in nats")
    {
        Default = 0.0,
        Min = 0,
        Max = 1e6,
    };
    private static readonly FieldRule To = new("to", FieldKind.Number, "capacity C at the end of the rise, in nats")
    {
        Default = 25.0,
        Min = 0,
        Max = 1e6,
    };
    private static readonly FieldRule Steps =
        new("steps", FieldKind.Integer, "length of the rise in steps; default: the whole run") { Min = 1, Max = int.MaxValue };

    private readonly double _from;
    private readonly double _to;
    private readonly int? _steps;
    private readonly MeanKlCoupling? _coupling;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public CapacityObjective(MemberSpec spec)
    {
        Beta = spec.Number("gamma");
        (_from, _to) = (spec.Number(From.Name), spec.Number(To.Name));
        _steps = spec.Has(Steps.Name) ? spec.Integer(Steps.Name) : null;
        _coupling = spec.Text("of") == KlScope.BatchMean ? new MeanKlCoupling() : null;
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("capacity", "reconstruction + γ·|KL − C| with a rising capacity C",
    [
        new FieldRule("gamma", FieldKind.Number, "γ: weight of the distance to the capacity") { Default = 1000.0, Min = 0, Max = 1e6 },
        From, To, Steps, KlScope.Field("the capacity applies to"),
    ]);

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "its capacity is that of the KL in closed form";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "its capacity is that of the KL in closed form";

    /// <inheritdoc/>
    public override double Beta { get; }

    /// <inheritdoc/>
    public override BatchCoupling? Coupling => _coupling;

    /// <inheritdoc/>
    public override double? CapacityAt(int step, int totalSteps) =>
        _from + ((_to - _from) * Math.Min(1, (double)step / (_steps ?? totalSteps)));

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        Node reconstruction = model.Reconstruction(graph, graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0)), model.X);
        Node kl = graph.Sum(graph.GaussianKl(mean, logVariance));
        Node distance = _coupling?.Share(graph, kl)
            ?? graph.Scale(graph.Unary(UnaryFunction.Abs, graph.Shift(kl, VaeModel.CapacityScalar)), VaeModel.BetaScalar);
        return new ObjectiveTerms(graph.Add(reconstruction, distance), reconstruction, kl);
    }

    /// <summary>γ·|mean KL − C|: the slope is ±γ, the same for every example.</summary>
    private sealed class MeanKlCoupling : BatchCoupling
    {
        public override int Statistics => 1;

        public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model)
        {
            (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
            return [graph.Sum(graph.GaussianKl(mean, logVariance))];
        }

        public override void Tangent(ReadOnlySpan<float> batch, float weight, float capacity, int first, Span<float> rows)
        {
            // If the mean is NaN, the slope is 0, and the examples that caused it are found by their own loss.
            double distance = Mean(batch, 0) - capacity;
            float slope = distance > 0 ? weight : distance < 0 ? -weight : 0f;
            for (int i = 0; i < rows.Length; i += 2) (rows[i], rows[i + 1]) = (slope, -slope * capacity);
        }
    }
}
