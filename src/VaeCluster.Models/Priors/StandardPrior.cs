using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Priors;

/// <summary>N(0, I).</summary>
public sealed class StandardPrior : Prior
{
    /// <summary>Its name in the run file.</summary>
    public const string Name = "standard";

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(Name, "N(0, I)", []);

    /// <inheritdoc/>
    public override bool IsStandard => true;
}
