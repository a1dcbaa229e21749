namespace VaeCluster.Sweeps.Stopping;

/// <summary>The scores by which a stopping rule may compare trials.</summary>
public static class Criterion
{
    /// <summary>The scores known at every evaluation, or at the end of an epoch if there is no held-out data.</summary>
    public static IReadOnlyList<string> Measured { get; } = ["elbo", "reconstruction", "kl"];

    /// <summary>Why trials cannot be ranked by a score, in one line; null if they can.</summary>
    /// <param name="name">The name of the score.</param>
    public static string? WhyNotComparable(string name) => name is "loss" or "objective"
        ? "must be a score that does not depend on β, such as elbo: losses with different β are not comparable and favour small β"
        : null;
}
