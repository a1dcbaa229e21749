using System.Text.Json;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>A field of the run file that the trials of a sweep set, with the values to choose from: a list or a range.</summary>
public sealed record SpaceParameter
{
    /// <summary>The dotted field of the run file, for example <c>objective.beta</c>.</summary>
    public required string Field { get; init; }

    /// <summary>Where it was written, for faults of its values.</summary>
    public required SpecOrigin Origin { get; init; }

    /// <summary>The values to choose from, in the order of the file; null: <see cref="Range"/>.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>The range to choose from; null: <see cref="Values"/>.</summary>
    public ParameterRange? Range { get; init; }

    /// <summary>All of these must hold, or the trial leaves the field out.</summary>
    public IReadOnlyList<SpaceCondition> When { get; init; } = [];
}
