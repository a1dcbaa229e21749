using System.Globalization;
using System.Text.Json;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Stopping;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Specs;

/// <summary>Checks a sweep without opening its data.</summary>
public static class SweepChecks
{
    // Enough to check every combination of all but very large sweeps.
    private const int MostTrials = 2000;

    /// <summary>Checks search, stopping rule and every value of the space.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="file">Its file, for the positions in error messages.</param>
    public static void Check(SweepSpec spec, SpecMap file)
    {
        CheckSearch(spec, file);
        CheckCriterion(spec, file);
        foreach (RunSpec _ in Samples(spec))
        {
            // Constructing the run spec is the check.
        }
    }

    /// <summary>Sample runs of a sweep: every value of the space occurs in one, and every setting known in advance is included.</summary>
    /// <param name="spec">The sweep.</param>
    public static IEnumerable<RunSpec> Samples(SweepSpec spec)
    {
        var space = new SearchSpace(spec.Space);
        foreach (SpaceParameter parameter in spec.Space)
            foreach (JsonElement value in Samples(parameter))
                yield return new Trial(0, space.SettingWith(parameter, value), spec.Seeds[0]).RunSpec(spec);

        var plan = new TrialPlan(spec);
        for (int index = 0; index < Math.Min(plan.Count, MostTrials) && !plan.NeedsResults(index); index += spec.Seeds.Count)
            yield return plan.At(index, []).RunSpec(spec);
    }

    private static void CheckSearch(SweepSpec spec, SpecMap file)
    {
        SpecOrigin origin = (file.Find("search") ?? file).Origin;
        if (spec.Search.Name == "sobol" && spec.Space.Count > SobolSequence.MostDimensions)
        {
            throw origin.Fault(
                "search.kind", "sobol", string.Create(
                    CultureInfo.InvariantCulture,
                    $"supports at most {SobolSequence.MostDimensions} fields in the space; this space has {spec.Space.Count}"));
        }

        if (spec.Search.Name != "grid") return;
        foreach (SpaceParameter parameter in spec.Space)
        {
            if (parameter.Range is { Count: null })
                throw parameter.Origin.Fault(
                    $"space.{parameter.Field}", null,
                    "must be a list of values or a range with a step, because grid search tries every value");
            if (parameter.Range is { Count: > GridSearch.Most and var count } range)
                throw parameter.Origin.Fault(
                    $"space.{parameter.Field}", string.Create(CultureInfo.InvariantCulture, $"from {range.Min} to {range.Max}"), string.Create(
                        CultureInfo.InvariantCulture,
                        $"has {count} values; grid search supports at most {GridSearch.Most} combinations; use a larger step"));
        }

        // Without conditions the product is known before anything is listed.
        bool isProduct = spec.Space.All(parameter => parameter.When.Count == 0);
        Int128 product = 1;
        foreach (SpaceParameter parameter in spec.Space)
            product = Int128.Min(product * (parameter.Values?.Count ?? parameter.Range!.Count!.Value), int.MaxValue);
        if ((isProduct && product > GridSearch.Most) || new GridSearch(new SearchSpace(spec.Space)).Count > GridSearch.Most)
        {
            throw origin.Fault(
                "search.kind", "grid", string.Create(
                    CultureInfo.InvariantCulture,
                    $"supports at most {GridSearch.Most} combinations; use random, sobol or tpe with 'trials'"));
        }
    }

    private static void CheckCriterion(SweepSpec spec, SpecMap file)
    {
        const string Field = "stop.criterion";
        if (!spec.Stop.Has("criterion")) return;
        string name = spec.Stop.Text("criterion");
        SpecNode node = file.Find("stop") is SpecMap map ? map.Find("criterion") ?? map : file;
        if (Criterion.WhyNotComparable(name) is { } reason) throw node.Origin.Fault(Field, name, reason);
        if (Criterion.Measured.Contains(name)) return;
        string measured = string.Join(", ", Criterion.Measured);
        throw node.Origin.Fault(Field, name, ScoreFamily.Find(name) is null
            ? $"one of {measured}{NearestName.Hint(name, Criterion.Measured)}"
            : $"one of {measured}; {name} is computed only at the end of a trial");
    }

    private static IEnumerable<JsonElement> Samples(SpaceParameter parameter) => parameter.Values
        ?? [parameter.Range!.Json(parameter.Range.Min), parameter.Range.Json(parameter.Range.Max)];
}
