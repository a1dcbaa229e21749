using System.Text.Json;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The result of a setting: means over its seeds.</summary>
/// <param name="Number">The setting's number.</param>
/// <param name="Setting">Its values.</param>
/// <param name="Losses">One value per objective, lower is better; empty if all of its trials failed.</param>
/// <param name="Progress">Fraction of its steps that were trained; 1 if no trial was stopped early.</param>
public sealed record SettingResult(
    int Number, IReadOnlyDictionary<string, JsonElement> Setting, IReadOnlyList<double> Losses, double Progress)
{
    /// <summary>Results compare only with those of the same group.</summary>
    public string Group { get; init; } = string.Empty;
}
