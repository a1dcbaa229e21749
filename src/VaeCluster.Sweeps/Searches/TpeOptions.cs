using VaeCluster.Core.Specs;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The settings of <see cref="TpeSearch"/>; the defaults are Optuna's.</summary>
public sealed record TpeOptions
{
    /// <summary>Seed of every draw. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Settings that are drawn at random before results are looked at. Default 10.</summary>
    public int Startup { get; init; } = 10;

    /// <summary>Values drawn from the better settings' density, of which the most promising is taken. Default 24.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>The part of the results that counts as better, rounded up, at most 25 of them. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Weight of the even density beside that of one result. Default 1.</summary>
    public double PriorWeight { get; init; } = 1;

    /// <summary>What a sweep file says.</summary>
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
