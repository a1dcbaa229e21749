using System.Text.Json;
using VaeCluster.Core.Random;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// Every combination of the values once, with the last parameter varying fastest, or shuffled. A stopping rule that compares a trial with
/// earlier ones needs the shuffled order: in an ascending grid every trial may be the best so far, and none would be stopped.
/// </summary>
public sealed class GridSearch : ISearch
{
    /// <summary>The largest number of settings; a larger grid is surely a mistake.</summary>
    public const int Most = 100_000;

    private readonly List<IReadOnlyDictionary<string, JsonElement>> _settings = [];

    /// <summary>Creates the grid.</summary>
    /// <param name="space">The space; each of its ranges has a <see cref="ParameterRange.Count"/>.</param>
    /// <param name="shuffled">Whether the combinations are shuffled, with a fixed seed.</param>
    public GridSearch(SearchSpace space, bool shuffled = false)
    {
        Add(space, 0, new Dictionary<string, JsonElement>(StringComparer.Ordinal));
        if (!shuffled || _settings.Count > Most) return;

        // Fisher–Yates shuffle.
        var random = new RandomSequence(new RandomStream(0, RandomPurpose.Search, 0, 0));
        for (int last = _settings.Count - 1; last > 0; last--)
        {
            int other = random.Below(last + 1);
            (_settings[last], _settings[other]) = (_settings[other], _settings[last]);
        }
    }

    /// <inheritdoc/>
    public int? Count => _settings.Count;

    /// <inheritdoc/>
    public bool NeedsResults(int number) => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonElement> Setting(int number, IReadOnlyList<SettingResult> results) => _settings[number];

    private void Add(SearchSpace space, int depth, Dictionary<string, JsonElement> chosen)
    {
        if (_settings.Count > Most) return;
        if (depth == space.Ordered.Count)
        {
            _settings.Add(space.InOrder(chosen));
            return;
        }

        SpaceParameter parameter = space.Ordered[depth];
        if (!SearchSpace.IsActive(parameter, chosen))
        {
            Add(space, depth + 1, chosen);
            return;
        }

        foreach (JsonElement value in ValuesOf(parameter))
        {
            if (_settings.Count > Most) break;
            chosen[parameter.Field] = value;
            Add(space, depth + 1, chosen);
        }

        chosen.Remove(parameter.Field);
    }

    private static IEnumerable<JsonElement> ValuesOf(SpaceParameter parameter) =>
        parameter.Values ?? Enumerable.Range(0, parameter.Range!.Count!.Value).Select(i => parameter.Range.Json(parameter.Range.At(i)));
}
