using System.Text.Json;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>A run file field that trials set, with a list or range of values.</summary>
public sealed record SpaceParameter
{
    /// <summary>The dotted path of the field in the run file, for example <c>objective.beta</c>.</summary>
    public required string Field { get; init; }

    /// <summary>Where it was defined, for error messages.</summary>
    public required SpecOrigin Origin { get; init; }

    /// <summary>The values to choose from, in the order of the file; null if <see cref="Range"/> is set.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>The range to choose from; null if <see cref="Values"/> is set.</summary>
    public ParameterRange? Range { get; init; }

    /// <summary>Conditions; unless all hold, the trial does not set the field.</summary>
    public IReadOnlyList<SpaceCondition> When { get; init; } = [];
}
