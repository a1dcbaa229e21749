using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Specs;

/// <summary>A sweep: the sweep file with all defaults filled in.</summary>
public sealed record SweepSpec
{
    /// <summary>The name shown in reports and lists.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The run file shared by all trials as a tree, with overrides applied and paths made absolute. It may be incomplete: fields that
    /// every trial sets may be missing.
    /// </summary>
    public required SpecMap Base { get; init; }

    /// <summary>The fields that trials set, in the order of the file.</summary>
    public required IReadOnlyList<SpaceParameter> Space { get; init; }

    /// <summary>The seeds; every setting is trained with each of them.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How settings are chosen: <c>grid</c>, <c>random</c>, <c>sobol</c> or <c>tpe</c>, with its options.</summary>
    public MemberSpec Search { get; init; } = new("grid");

    /// <summary>The early stopping rule: <c>none</c>, <c>median</c> or <c>asha</c>, with its options.</summary>
    public MemberSpec Stop { get; init; } = new("none");

    /// <summary>The scores by which trials are ranked; with several, by their Pareto front. None of them depends on β.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = ["elbo"];

    /// <summary>Scores computed for finished trials in addition to <see cref="Objectives"/>.</summary>
    public IReadOnlyList<string> Scores { get; init; } = [];

    /// <summary>Number of trials trained in parallel.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>How often a failed trial is retried from its checkpoint.</summary>
    public int MaxFailures { get; init; }
}
