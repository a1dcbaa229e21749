using System.Text.Json;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>The fields that trials set, with the conditions under which they are set.</summary>
public sealed class SearchSpace
{
    private readonly Dictionary<string, SpaceParameter> _byField;

    /// <summary>Creates a space.</summary>
    /// <param name="parameters">Its parameters; conditions refer to fields of the space and have no cycles.</param>
    public SearchSpace(IReadOnlyList<SpaceParameter> parameters)
    {
        Parameters = parameters;
        _byField = parameters.ToDictionary(parameter => parameter.Field, StringComparer.Ordinal);
        var ordered = new List<SpaceParameter>();
        foreach (SpaceParameter parameter in parameters) Visit(parameter, ordered);
        Ordered = ordered;
    }

    /// <summary>The parameters in the order of the file.</summary>
    public IReadOnlyList<SpaceParameter> Parameters { get; }

    /// <summary>The parameters, each after those that its conditions refer to.</summary>
    public IReadOnlyList<SpaceParameter> Ordered { get; }

    /// <summary>Creates a setting by choosing a value for each parameter whose conditions hold.</summary>
    /// <param name="choose">Chooses the value of a parameter.</param>
    /// <returns>The values in the order of the file.</returns>
    public IReadOnlyDictionary<string, JsonElement> Setting(Func<SpaceParameter, JsonElement> choose)
    {
        var chosen = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (SpaceParameter parameter in Ordered)
            if (IsActive(parameter, chosen)) chosen[parameter.Field] = choose(parameter);
        return InOrder(chosen);
    }

    /// <summary>Whether the conditions of a parameter hold.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="chosen">The values chosen so far.</param>
    internal static bool IsActive(SpaceParameter parameter, IReadOnlyDictionary<string, JsonElement> chosen) =>
        parameter.When.All(condition => chosen.TryGetValue(condition.Field, out JsonElement value) && Holds(condition, value));

    /// <summary>A setting in which a parameter has a given value and its conditions hold.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">Its value.</param>
    internal IReadOnlyDictionary<string, JsonElement> SettingWith(SpaceParameter parameter, JsonElement value)
    {
        var wanted = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [parameter.Field] = value };
        Demand(parameter, wanted);
        return Setting(other => wanted.TryGetValue(other.Field, out JsonElement given) ? given : First(other));
    }

    /// <summary>The values in the order of the file.</summary>
    internal OrderedDictionary<string, JsonElement> InOrder(IReadOnlyDictionary<string, JsonElement> chosen) => new(
        Parameters.Where(parameter => chosen.ContainsKey(parameter.Field))
            .Select(parameter => KeyValuePair.Create(parameter.Field, chosen[parameter.Field])),
        StringComparer.Ordinal);

    private static JsonElement First(SpaceParameter parameter) =>
        parameter.Values is { } values ? values[0] : parameter.Range!.Json(parameter.Range.Min);

    private static bool Holds(SpaceCondition condition, JsonElement value) =>
        condition.Values.Any(wanted => SpaceValues.Key(wanted) == SpaceValues.Key(value));

    private void Demand(SpaceParameter parameter, Dictionary<string, JsonElement> wanted)
    {
        foreach (SpaceCondition condition in parameter.When)
        {
            if (!wanted.TryAdd(condition.Field, condition.Values[0])) continue;
            Demand(_byField[condition.Field], wanted);
        }
    }

    private void Visit(SpaceParameter parameter, List<SpaceParameter> ordered)
    {
        if (ordered.Contains(parameter)) return;
        foreach (SpaceCondition condition in parameter.When) Visit(_byField[condition.Field], ordered);
        ordered.Add(parameter);
    }
}
