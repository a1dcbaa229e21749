namespace VaeCluster.Core.Specs;

/// <summary>The training objective.</summary>
public sealed record ObjectiveSpec
{
    /// <summary>
    /// The objective (<c>ae</c>, <c>vae</c>, <c>beta-vae</c>, …) with its own fields (<c>beta</c>, <c>normalized</c>, …).
    /// </summary>
    public MemberSpec Kind { get; init; } = new("vae");

    /// <summary>
    /// Schedule of the KL weight over the steps: a factor in [0, 1] on β, by kind (<c>constant</c>, <c>linear</c>, <c>cyclical</c>).
    /// </summary>
    public MemberSpec Schedule { get; init; } = new("constant");
}
