using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Objectives.Coupled;
using VaeCluster.Models.Objectives.Weighted;

namespace VaeCluster.Models.Objectives;

/// <summary>The objectives that a run file may choose from. A new one needs one new file and one line here.</summary>
public static class ObjectiveFamily
{
    private static readonly (Member Member, Func<MemberSpec, ImageShape, int, Objective> Create)[] All =
    [
        (AutoencoderObjective.Member, (spec, _, latent) => new AutoencoderObjective(spec, latent)),
        (VaeObjective.PlainMember, (spec, image, latent) => new VaeObjective(spec, image, latent)),
        (VaeObjective.WeightedMember, (spec, image, latent) => new VaeObjective(spec, image, latent)),
        (CapacityObjective.Member, (spec, _, _) => new CapacityObjective(spec)),
        (FreeBitsObjective.Member, (spec, _, latent) => new FreeBitsObjective(spec, latent)),
        (ImportanceWeightedObjective.Member, (spec, _, _) => new ImportanceWeightedObjective(spec)),
        (MultiplyWeightedObjective.Member, (spec, _, _) => new MultiplyWeightedObjective(spec)),
        (CombinedBoundObjective.Member, (spec, _, _) => new CombinedBoundObjective(spec)),
        (PartiallyWeightedObjective.Member, (spec, _, _) => new PartiallyWeightedObjective(spec)),
        (TotalCorrelationObjective.Member, (spec, _, latent) => new TotalCorrelationObjective(spec, latent)),
        (DipVaeObjective.FirstMember, (spec, _, latent) => new DipVaeObjective(spec, latent)),
        (DipVaeObjective.SecondMember, (spec, _, latent) => new DipVaeObjective(spec, latent)),
        (InfoVaeObjective.Member, (spec, _, latent) => new InfoVaeObjective(spec, latent)),
        (WassersteinObjective.Member, (spec, _, latent) => new WassersteinObjective(spec, latent)),
    ];

    /// <summary>The objectives with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates an objective.</summary>
    /// <param name="spec">Name and fields; missing fields take their defaults.</param>
    /// <param name="image">Size of the images.</param>
    /// <param name="latent">Latent dimensions.</param>
    public static Objective Create(MemberSpec spec, ImageShape image, int latent) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(Member.Complete(Members, spec), image, latent);

    /// <summary>Whether runs with an objective encode a variance, without which the "ELBO" is no bound.</summary>
    /// <param name="spec">Name and fields.</param>
    public static bool EncodesVariance(MemberSpec spec) => Create(spec, new ImageShape(1, 1, 1), latent: 1).EncodesVariance;
}
