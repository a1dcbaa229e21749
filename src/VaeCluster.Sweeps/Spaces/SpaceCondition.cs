using System.Text.Json;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>A condition: a parameter is set only if another field has one of the given values.</summary>
/// <param name="Field">The other field.</param>
/// <param name="Values">The values of that field for which the condition holds.</param>
public sealed record SpaceCondition(string Field, IReadOnlyList<JsonElement> Values);
