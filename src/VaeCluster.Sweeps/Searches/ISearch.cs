using System.Text.Json;

namespace VaeCluster.Sweeps.Searches;

/// <summary>Chooses the settings of a sweep, one after the other. A setting is a function of its number and, for some, of results.</summary>
public interface ISearch
{
    /// <summary>How many settings there are; null: as many as are asked for.</summary>
    int? Count { get; }

    /// <summary>Whether a setting follows from results too: then it must be remembered with what it was made from.</summary>
    /// <param name="number">The setting's number, from 0.</param>
    bool NeedsResults(int number);

    /// <summary>A setting.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="results">What is known of other settings, in any order.</param>
    /// <returns>The values in the order of the space.</returns>
    IReadOnlyDictionary<string, JsonElement> Setting(int number, IReadOnlyList<SettingResult> results);
}
