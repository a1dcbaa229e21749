using System.Text.Json;

namespace VaeCluster.Sweeps.Searches;

/// <summary>Chooses the settings of a sweep. A setting depends only on its number and, for some searches, on earlier results.</summary>
public interface ISearch
{
    /// <summary>The number of settings; null if unlimited.</summary>
    int? Count { get; }

    /// <summary>Whether a setting also depends on results; then it must be logged together with them.</summary>
    /// <param name="number">The setting's number, from 0.</param>
    bool NeedsResults(int number);

    /// <summary>Chooses a setting.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="results">The results of other settings, in any order.</param>
    /// <returns>The values in the order of the space.</returns>
    IReadOnlyDictionary<string, JsonElement> Setting(int number, IReadOnlyList<SettingResult> results);
}
