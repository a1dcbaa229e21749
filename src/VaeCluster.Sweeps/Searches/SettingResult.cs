using System.Text.Json;

namespace VaeCluster.Sweeps.Searches;

/// <summary>What is known of a setting, as the mean over its seeds.</summary>
/// <param name="Number">The setting's number.</param>
/// <param name="Setting">Its values.</param>
/// <param name="Losses">A value for each objective, the smaller the better; empty: all of its trials failed.</param>
/// <param name="Progress">The part of its steps that it was trained, 1 where no trial of it was stopped early.</param>
public sealed record SettingResult(int Number, IReadOnlyDictionary<string, JsonElement> Setting, IReadOnlyList<double> Losses, double Progress);
