using System.Text.Json;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>A parameter is set only where another one has one of some values.</summary>
/// <param name="Field">The other parameter.</param>
/// <param name="Values">Its values.</param>
public sealed record SpaceCondition(string Field, IReadOnlyList<JsonElement> Values);
