using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Priors;

/// <summary>The priors that a run file may choose from. A new one needs one new file and one line here.</summary>
public static class PriorFamily
{
    private static readonly (Member Member, Func<MemberSpec, ImageShape, int, ParameterLayout.Builder, Prior> Create)[] All =
    [
        (StandardPrior.Member, (_, _, _, _) => new StandardPrior()),
        (MixturePrior.Member, (spec, _, latent, parameters) => new MixturePrior(spec, latent, parameters)),
        (VampPrior.Member, (spec, image, _, parameters) => new VampPrior(spec, image, parameters)),
    ];

    /// <summary>The priors with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates a prior; its parameters are declared after those of the likelihood.</summary>
    /// <param name="spec">Name and fields; missing fields take their defaults.</param>
    /// <param name="image">Size of the images.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <param name="parameters">Receives its parameters.</param>
    public static Prior Create(MemberSpec spec, ImageShape image, int latent, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(Member.Complete(Members, spec), image, latent, parameters);
}
