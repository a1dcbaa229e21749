using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// Reconstruction + Σ_g max(λ, KL_g) over groups g of latent dimensions: the first λ nats of a group cost nothing. By default KL_g is the mean over
/// the batch, as in the source, which couples the examples, and a group is one dimension; with <c>of: example</c> the maximum is taken of each
/// example's KL. Source: Kingma et al., Improving variational inference with inverse autoregressive flow (2016), equation 15.
/// </summary>
public sealed class FreeBitsObjective : Objective
{
    private static readonly FieldRule Lambda =
        new("lambda", FieldKind.Number, "nats of each group of latent dimensions that cost nothing") { Default = 0.25, Min = 0, Max = 1e6 };

    private static readonly FieldRule GroupSize =
        new("groupSize", FieldKind.Integer, "consecutive latent dimensions of a group; it divides model.latent") { Default = 1L, Min = 1, Max = 65_536 };

    private readonly float _lambda;
    private readonly int _groupSize;
    private readonly GroupKlCoupling? _coupling;

    /// <summary>An objective with the fields of the run file.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <exception cref="BadInputException">The groups do not divide the latent dimensions.</exception>
    public FreeBitsObjective(MemberSpec spec, int latent)
    {
        _lambda = (float)spec.Number(Lambda.Name);
        _groupSize = spec.Integer(GroupSize.Name);
        if (latent % _groupSize != 0)
        {
            throw new BadInputException(
                BadInputException.RunFile, "objective.groupSize", FormattableString.Invariant($"{_groupSize}"),
                FormattableString.Invariant($"a divisor of the {latent} dimensions of model.latent"));
        }

        _coupling = spec.Text("of") == KlScope.BatchMean ? new GroupKlCoupling(latent, _groupSize, _lambda) : null;
    }

    /// <summary>What a run file may say of it.</summary>
    public static Member Member { get; } = new(
        "free-bits", "the evidence lower bound with λ nats free in each group of latent dimensions", [Lambda, GroupSize, KlScope.Field("the maximum is applied to")]);

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override BatchCoupling? Coupling => _coupling;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.X);
        Node reconstruction = model.Reconstruction(graph, graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0)), model.X);
        Node klPerDimension = graph.GaussianKl(mean, logVariance);
        Node charged = _coupling?.Share(graph, klPerDimension) ?? graph.Scale(Charged(graph, klPerDimension), VaeModel.BetaScalar);
        return new ObjectiveTerms(graph.Add(reconstruction, charged), reconstruction, graph.Sum(klPerDimension));
    }

    private Node Charged(GraphBuilder graph, Node klPerDimension)
    {
        if (_groupSize == 1) return graph.Sum(graph.Clamp(klPerDimension, _lambda, float.MaxValue));
        IEnumerable<Node> groups = Enumerable.Range(0, klPerDimension.Size / _groupSize)
            .Select(group => graph.Clamp(graph.Sum(graph.Slice(klPerDimension, group * _groupSize, _groupSize)), _lambda, float.MaxValue));
        return groups.Aggregate(graph.Add);
    }

    /// <summary>Σ_g max(λ, mean KL_g): the slope is that of the KL in groups above λ and 0 in the others.</summary>
    private sealed class GroupKlCoupling(int latent, int groupSize, float lambda) : BatchCoupling
    {
        public override int Statistics => latent;

        public override Node Measure(GraphBuilder graph, ModelWriter model)
        {
            (Node mean, Node logVariance) = model.Posterior(graph, model.X);
            return graph.GaussianKl(mean, logVariance);
        }

        public override void Tangent(ReadOnlySpan<float> batch, float weight, float capacity, int first, Span<float> rows)
        {
            Span<float> tangent = rows[..(latent + 1)];
            int free = 0;
            for (int group = 0; group < latent; group += groupSize)
            {
                double kl = 0;
                for (int dimension = group; dimension < group + groupSize; dimension++) kl += Mean(batch, dimension);
                tangent.Slice(group, groupSize).Fill(kl > lambda ? weight : 0f);
                if (!(kl > lambda)) free++;
            }

            tangent[latent] = weight * lambda * free;
            for (int row = latent + 1; row < rows.Length; row += latent + 1) tangent.CopyTo(rows[row..]);
        }
    }
}
