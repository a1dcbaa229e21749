using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>The likelihoods that a run file may name. A new one is one new file and one line here.</summary>
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

    /// <summary>What a run file may say of each.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>The likelihood that a run file names; parameters of its own are declared after those of the decoder.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="parameters">Where its parameters are declared.</param>
    public static Likelihood Create(MemberSpec spec, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(spec, parameters);
}
