using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Specs;

/// <summary>Changes a sweep that has begun, where that does not change what its finished trials meant.</summary>
public static class SweepChange
{
    /// <summary>The fields that may change.</summary>
    public static IReadOnlyList<string> Allowed { get; } = ["parallel", "maxFailures", "search.trials"];

    /// <summary>The sweep with some values changed.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <param name="begun">Trials that have begun: their number cannot be undone.</param>
    /// <exception cref="BadInputException">An override is none, or its field must not change.</exception>
    public static SweepSpec Apply(SweepSpec spec, IReadOnlyList<string> overrides, int begun)
    {
        string current = Directory.GetCurrentDirectory();
        SweepSpec changed = SweepFile.Parse(new SweepSource
        {
            Text = SweepFile.Write(spec),
            FileName = spec.Name,
            Folder = current,
            Base = name => throw name.Origin.Fault("base", name.Value, "cannot change"),
            Overrides = overrides,
            OverrideFolder = current,
        });

        Dictionary<string, string> before = Flat(spec), after = Flat(changed);
        foreach (string field in before.Keys.Union(after.Keys).Where(field => !Allowed.Contains(field)))
        {
            string? value = after.GetValueOrDefault(field);
            if (before.GetValueOrDefault(field) != value)
                throw new BadInputException($"--set {field}", null, value ?? "left out", $"cannot change in a sweep that has begun, for its trials would no longer mean the same; what can: {string.Join(", ", Allowed)}");
        }

        if (new TrialPlan(changed).Count is var count && count < begun)
        {
            throw new BadInputException(
                "--set search.trials", null, count.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"at least {begun}: so many trials have begun"));
        }

        return changed;
    }

    private static Dictionary<string, string> Flat(SweepSpec spec)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(SweepFile.Tree(spec), string.Empty, values);
        return values;
    }

    private static void Add(SpecMap map, string path, Dictionary<string, string> values)
    {
        foreach ((string key, SpecNode node) in map.Entries)
        {
            if (node is SpecMap inner) Add(inner, $"{path}{key}.", values);
            else values[path + key] = node.Text;
        }
    }
}
