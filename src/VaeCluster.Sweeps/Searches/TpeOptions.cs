using VaeCluster.Core.Specs;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The settings of <see cref="TpeSearch"/>; the defaults are Optuna's.</summary>
public sealed record TpeOptions
{
    /// <summary>Seed of the random numbers. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Number of random settings before results are used. Default 10.</summary>
    public int Startup { get; init; } = 10;

    /// <summary>Number of values drawn from the density of the better settings; the most promising is chosen. Default 24.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>Fraction of the results that counts as better, rounded up, at most 25 results. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Weight of the uniform density relative to one result. Default 1.</summary>
    public double PriorWeight { get; init; } = 1;

    /// <summary>Reads the options from a sweep file.</summary>
    /// <param name="choice">The choice <c>tpe</c>.</param>
    internal static TpeOptions From(MemberSpec choice) => new()
    {
        Seed = (long)choice.Values["seed"],
        Startup = choice.Integer("startup"),
        Candidates = choice.Integer("candidates"),
        Gamma = choice.Number("gamma"),
        PriorWeight = choice.Number("priorWeight"),
    };
}
