namespace VaeCluster.Sweeps.Stopping;

/// <summary>The numbers by which trials may be compared.</summary>
public static class Criterion
{
    /// <summary>Those that are known whenever a trial is evaluated, and at the end of an epoch where nothing is held out.</summary>
    public static IReadOnlyList<string> Measured { get; } = ["elbo", "reconstruction", "kl"];

    /// <summary>Why a number must not rank trials, in one line; null: nothing speaks against it.</summary>
    /// <param name="name">The name.</param>
    public static string? WhyNotComparable(string name) => name is "loss" or "objective"
        ? "a score that does not depend on β: the loss weights the KL term by β, so it compares no two values of β and would always prefer a small one; use elbo"
        : null;
}
