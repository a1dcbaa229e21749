using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>The likelihoods that a run file may choose from. A new one needs one new file and one line here.</summary>
public static class LikelihoodFamily
{
    private static readonly (Member Member, Func<MemberSpec, ParameterLayout.Builder, Likelihood> Create)[] All =
    [
        (BernoulliLikelihood.Member, (_, _) => new BernoulliLikelihood()),
        (GaussianLikelihood.Member, (spec, _) => new GaussianLikelihood(spec)),
        (SharedGaussianLikelihood.Member, (spec, parameters) => new SharedGaussianLikelihood(spec, parameters)),
        (FixedGaussianLikelihood.Member, (spec, _) => new FixedGaussianLikelihood(spec)),
        (LaplaceLikelihood.Member, (spec, _) => new LaplaceLikelihood(spec)),
        (ContinuousBernoulliLikelihood.Member, (_, _) => new ContinuousBernoulliLikelihood()),
        (DiscretizedLogisticLikelihood.Member, (spec, _) => new DiscretizedLogisticLikelihood(spec)),
    ];

    /// <summary>The likelihoods with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates a likelihood; its own parameters are declared after those of the decoder.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="parameters">Receives its parameters.</param>
    public static Likelihood Create(MemberSpec spec, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(spec, parameters);
}
