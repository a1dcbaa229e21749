using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Posteriors;

/// <summary>The posteriors that a run file may choose from. A new one needs one new file and one line here.</summary>
public static class PosteriorFamily
{
    private static readonly (Member Member, Func<MemberSpec, int, ParameterLayout.Builder, Posterior> Create)[] All =
    [
        (GaussianPosterior.Member, (_, _, _) => new GaussianPosterior()),
        (PlanarPosterior.Member, (spec, latent, _) => new PlanarPosterior(spec, latent)),
        (AutoregressivePosterior.Member, (spec, latent, parameters) => new AutoregressivePosterior(spec, latent, parameters)),
    ];

    /// <summary>The posteriors with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates a posterior; its parameters are declared after those of the prior.</summary>
    /// <param name="spec">Name and fields; missing fields take their defaults.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <param name="parameters">Receives its parameters.</param>
    public static Posterior Create(MemberSpec spec, int latent, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(Member.Complete(Members, spec), latent, parameters);
}
