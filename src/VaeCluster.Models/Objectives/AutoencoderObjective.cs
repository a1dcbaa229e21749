using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;
using VaeCluster.Models.Objectives.Coupled;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// A plain autoencoder: z = μ, no noise, no KL. Its "ELBO" is minus the reconstruction error and is not a bound. A penalty may keep the
/// code sparse: weight·Σ_j |z_j| of each example; or weight·Σ_j KL(ρ ‖ ρ̂_j) with the mean ρ̂_j of z_j over the batch, for which the code
/// is made of sigmoid units. Source of the latter: Ng, Sparse autoencoder (2011), section 3.
/// </summary>
public sealed class AutoencoderObjective : Objective
{
    private const string NoPenalty = "none", Absolute = "l1", Sparse = "sparse-kl";

    private static readonly FieldRule Penalty = new(
        "penalty", FieldKind.Text,
        "what keeps the code sparse: nothing, its absolute values, or the distance of each unit's mean activity from rho")
    {
        Default = NoPenalty,
        Words = [NoPenalty, Absolute, Sparse],
    };

    private static readonly FieldRule Weight =
        new("weight", FieldKind.Number, "weight of the penalty, in nats") { Default = 1.0, Min = 0, Max = 1e6 };

    private static readonly FieldRule Rho =
        new("rho", FieldKind.Number, "ρ: the mean activity that sparse-kl draws each unit to") { Default = 0.05, Min = 1e-4, Max = 0.9999 };

    private readonly string _penalty;
    private readonly float _weight;
    private readonly SparsityTerm? _sparsity;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    public AutoencoderObjective(MemberSpec spec, int latent)
    {
        _penalty = spec.Text(Penalty.Name);
        _weight = (float)spec.Number(Weight.Name);
        if (_penalty == Sparse)
        {
            _sparsity = new SparsityTerm(
                latent, spec.Number(Weight.Name), spec.Number(Rho.Name), (graph, model) => model.Code(graph, model.Seen));
        }
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("ae", "plain autoencoder: reconstruction only, no noise", [Penalty, Weight, Rho]);

    /// <inheritdoc/>
    public override bool EncodesVariance => false;

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "its code has no distribution";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "its code has no distribution";

    /// <inheritdoc/>
    public override double Beta => 0;

    /// <inheritdoc/>
    public override BatchCoupling? Coupling => _sparsity;

    /// <inheritdoc/>
    public override Node Code(GraphBuilder graph, Node outputs) =>
        _sparsity is null ? outputs : graph.Unary(UnaryFunction.Sigmoid, outputs);

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        Node code = model.Code(graph, model.Seen);
        Node reconstruction = model.Reconstruction(graph, code, model.X), loss = reconstruction;
        if (_sparsity is not null) loss = graph.Add(loss, _sparsity.Share(graph, code));
        else if (_penalty == Absolute) loss = graph.Add(loss, graph.Affine(graph.Sum(graph.Unary(UnaryFunction.Abs, code)), _weight));
        return new ObjectiveTerms(loss, reconstruction, graph.Affine(graph.Sum(code), 0f));
    }
}
