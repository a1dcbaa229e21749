using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Specs;

/// <summary>Everything that defines a sweep: the sweep file with every default filled in.</summary>
public sealed record SweepSpec
{
    /// <summary>A name for people; it appears in reports and lists.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What all trials have in common: the tree of a run file, with overrides applied and its paths absolute. It need not be a whole run
    /// file by itself: a field that every trial sets may be missing.
    /// </summary>
    public required SpecMap Base { get; init; }

    /// <summary>The fields that trials set, in the order of the file.</summary>
    public required IReadOnlyList<SpaceParameter> Space { get; init; }

    /// <summary>The seeds that every setting of the fields is trained with.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How settings are chosen: <c>grid</c>, <c>random</c>, <c>sobol</c>, <c>tpe</c>, with their own fields.</summary>
    public MemberSpec Search { get; init; } = new("grid");

    /// <summary>How trials without prospects are stopped: <c>none</c>, <c>median</c>, <c>asha</c>, with their own fields.</summary>
    public MemberSpec Stop { get; init; } = new("none");

    /// <summary>The scores by which trials are ranked; more than one: by their Pareto front. None of them depends on β.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = ["elbo"];

    /// <summary>Scores that finished trials are given beside those of <see cref="Objectives"/>.</summary>
    public IReadOnlyList<string> Scores { get; init; } = [];

    /// <summary>Trials that train side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>How often a trial that fails goes on from its checkpoint.</summary>
    public int MaxFailures { get; init; }
}
