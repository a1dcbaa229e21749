using System.Globalization;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Stopping;

namespace VaeCluster.Sweeps.Trials;

/// <summary>
/// The settings of a sweep, grouped by what their scores mean: see <see cref="ComparableBasis"/>. Not thread-safe.
/// </summary>
/// <param name="spec">The sweep.</param>
/// <param name="scores">The scores by which trials are compared.</param>
/// <param name="isFinal">See <see cref="ComparableBasis.Of"/>.</param>
internal sealed class ComparableGroups(SweepSpec spec, IReadOnlyList<string> scores, bool isFinal)
{
    // Enough to find every group of all but very large sweeps before they start.
    private const int MostSettings = 2000;

    // A range of a field gives every trial a group of its own.
    private const int MostNamed = 3;

    private static readonly IReadOnlyDictionary<string, string> Same = new Dictionary<string, string>();

    private readonly bool _canDiffer = ComparableBasis.DependsOn(spec.Space.Select(parameter => parameter.Field));
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _known = new(StringComparer.Ordinal);

    /// <summary>The key of a setting's group: settings with the same key compare.</summary>
    /// <param name="setting">The values that the setting gives to the space's fields.</param>
    internal string KeyOf(IReadOnlyDictionary<string, JsonElement> setting) =>
        !_canDiffer ? string.Empty : string.Join('\n', BasisOf(setting).Select(entry => $"{entry.Key} {entry.Value}"));

    /// <summary>The groups of some trials, in order of their first trials.</summary>
    /// <param name="trials">Index and setting of each trial.</param>
    /// <returns>Basis in words and trials of each group; empty if all trials compare.</returns>
    internal IReadOnlyList<(string Basis, IReadOnlyList<int> Trials)> Of(
        IEnumerable<(int Index, IReadOnlyDictionary<string, JsonElement> Setting)> trials)
    {
        if (!_canDiffer) return [];
        var groups = trials.GroupBy(trial => KeyOf(trial.Setting))
            .Select(group => (Basis: BasisOf(group.First().Setting), Trials: (IReadOnlyList<int>)[.. group.Select(trial => trial.Index)]))
            .ToArray();
        if (groups.Length < 2) return [];
        IReadOnlyList<string> fields = ComparableBasis.Differing([.. groups.Select(group => group.Basis)]);
        return
        [
            .. groups.Select(group => (
                string.Join(", ", fields.Where(group.Basis.ContainsKey).Select(field => $"{field} {group.Basis[field]}")), group.Trials)),
        ];
    }

    /// <summary>Why there is no best of all trials, in one line.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="bases">The basis of each group, in words.</param>
    internal static string Reason(SweepSpec spec, IEnumerable<string> bases) =>
        $"{string.Join(" and ", spec.Objectives)} of trials with {Listed(bases)} are not comparable: "
        + "trials are ranked only among those that are";

    /// <summary>A few bases in words.</summary>
    /// <param name="bases">The basis of each group.</param>
    internal static string Listed(IEnumerable<string> bases)
    {
        string[] all = [.. bases];
        return string.Join(" and with ", all.Take(MostNamed))
            + (all.Length > MostNamed ? FormattableString.Invariant($" and {all.Length - MostNamed} others") : string.Empty);
    }

    /// <summary>What to know of a sweep before it starts, in one line; null if all its trials compare.</summary>
    /// <param name="spec">The sweep.</param>
    internal static string? Note(SweepSpec spec)
    {
        var plan = new TrialPlan(spec);
        IEnumerable<int> known = Enumerable.Range(0, plan.Count).Where(index => index % spec.Seeds.Count == 0)
            .TakeWhile(index => !plan.NeedsResults(index)).Take(MostSettings);
        var groups = new ComparableGroups(spec, spec.Objectives, isFinal: true);
        IReadOnlyList<(string Basis, IReadOnlyList<int> Trials)> found =
            groups.Of(known.Select(index => (index, plan.At(index, []).Parameters)));
        return found.Count == 0 ? null : Reason(spec, found.Select(group => group.Basis));
    }

    /// <summary>The name of a group: A to Z, then numbers.</summary>
    /// <param name="place">Its place, from 0.</param>
    internal static string NameOf(int place) =>
        place < 26 ? $"{(char)('A' + place)}" : (place + 1).ToString(CultureInfo.InvariantCulture);

    private IReadOnlyDictionary<string, string> BasisOf(IReadOnlyDictionary<string, JsonElement> setting)
    {
        string key = JsonSerializer.Serialize(setting);
        if (_known.TryGetValue(key, out IReadOnlyDictionary<string, string>? basis)) return basis;
        try
        {
            basis = ComparableBasis.Of(new Trial(0, setting, spec.Seeds[0]).RunSpec(spec), scores, isFinal);
        }
        catch (BadInputException)
        {
            basis = Same; // such a trial fails, and is not ranked
        }

        return _known[key] = basis;
    }
}
