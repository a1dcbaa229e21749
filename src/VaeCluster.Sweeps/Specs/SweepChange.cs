using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Specs;

/// <summary>Changes a running sweep, limited to fields that do not affect its existing trials.</summary>
public static class SweepChange
{
    /// <summary>The fields that may change.</summary>
    public static IReadOnlyList<string> Allowed { get; } = ["parallel", "maxFailures", "search.trials"];

    /// <summary>Returns the sweep with some values changed.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="overrides">Overrides such as <c>parallel=4</c>.</param>
    /// <param name="begun">Number of trials that have started, the lower bound of <c>search.trials</c>.</param>
    /// <exception cref="BadInputException">An override is malformed, or its field cannot change.</exception>
    public static SweepSpec Apply(SweepSpec spec, IReadOnlyList<string> overrides, int begun)
    {
        string current = Directory.GetCurrentDirectory();
        SweepSpec changed = SweepFile.Parse(new SweepSource
        {
            Text = SweepFile.Write(spec),
            FileName = spec.Name,
            Folder = current,
            Base = name => throw name.Origin.Fault("base", name.Value, "cannot be changed"),
            Overrides = overrides,
            OverrideFolder = current,
        });

        Dictionary<string, string> before = Flat(spec), after = Flat(changed);
        foreach (string field in before.Keys.Union(after.Keys).Where(field => !Allowed.Contains(field)))
        {
            string? value = after.GetValueOrDefault(field);
            if (before.GetValueOrDefault(field) != value)
                throw new BadInputException(
                    $"--set {field}", null, value ?? "not set",
                    $"cannot be changed after the sweep has started; can be changed: {string.Join(", ", Allowed)}");
        }

        if (new TrialPlan(changed).Count is var count && count < begun)
        {
            throw new BadInputException(
                "--set search.trials", null, count.ToString(CultureInfo.InvariantCulture), string.Create(
                    CultureInfo.InvariantCulture, $"must be at least {begun}, the number of trials already started"));
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
