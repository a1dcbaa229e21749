using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// Reconstruction + Σ_g max(λ, KL_g) over groups g of latent dimensions: the first λ nats of a group are free. By default a group is one
/// dimension and KL_g is the mean over the batch, as in the source, which couples the examples; with <c>of: example</c> the maximum is
/// taken for each example's KL.
/// Source: Kingma et al., Improving variational inference with inverse autoregressive flow (2016), equation 15.
/// </summary>
public sealed class FreeBitsObjective : Objective
{
    private static readonly FieldRule Lambda =
        new("lambda", FieldKind.Number, "λ: free nats per group of latent dimensions") { Default = 0.25, Min = 0, Max = 1e6 };

    private static readonly FieldRule GroupSize =
        new("groupSize", FieldKind.Integer, "consecutive latent dimensions per group; must divide model.latent")
        {
            Default = 1L,
            Min = 1,
            Max = 65_536,
        };

    private readonly float _lambda;
    private readonly int _groupSize;
    private readonly GroupKlCoupling? _coupling;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <exception cref="BadInputException">The group size does not divide the number of latent dimensions.</exception>
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

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "free-bits", "ELBO with λ free nats per group of latent dimensions (Kingma et al. 2016)",
        [Lambda, GroupSize, KlScope.Field("the maximum applies to")]);

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "its free nats are those of each dimension's KL in closed form";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "its free nats are those of each dimension's KL in closed form";

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override BatchCoupling? Coupling => _coupling;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        Node reconstruction = model.Reconstruction(graph, graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0)), model.X);
        Node klPerDimension = graph.GaussianKl(mean, logVariance);
        Node penalty = _coupling?.Share(graph, klPerDimension) ?? graph.Scale(Penalty(graph, klPerDimension), VaeModel.BetaScalar);
        return new ObjectiveTerms(graph.Add(reconstruction, penalty), reconstruction, graph.Sum(klPerDimension));
    }

    private Node Penalty(GraphBuilder graph, Node klPerDimension)
    {
        if (_groupSize == 1) return graph.Sum(graph.Clamp(klPerDimension, _lambda, float.MaxValue));
        IEnumerable<Node> groups = Enumerable.Range(0, klPerDimension.Size / _groupSize)
            .Select(group => graph.Clamp(graph.Sum(graph.Slice(klPerDimension, group * _groupSize, _groupSize)), _lambda, float.MaxValue));
        return groups.Aggregate(graph.Add);
    }

    /// <summary>Σ_g max(λ, mean KL_g): the slope is that of the KL in groups above λ, and 0 in the others.</summary>
    private sealed class GroupKlCoupling(int latent, int groupSize, float lambda) : BatchCoupling
    {
        public override int Statistics => latent;

        public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model)
        {
            (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
            return [graph.GaussianKl(mean, logVariance)];
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
