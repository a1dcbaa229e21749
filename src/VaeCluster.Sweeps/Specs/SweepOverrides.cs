using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Specs;

/// <summary>
/// Which of its two files an override of a sweep means. <c>objective</c> is a field of both: by itself it names the scores of the sweep, with more
/// behind it (<c>objective.beta</c>) it is the section of the run file.
/// </summary>
internal static class SweepOverrides
{
    private const string Base = "base", Space = "space", Objective = "objective";

    /// <summary>Whether a field is one of the sweep file.</summary>
    internal static bool IsOfSweep(string field)
    {
        string first = field.Split('.')[0];
        return first == Base ? field == Base : SweepFile.Fields.Contains(first) && (first != Objective || field == Objective);
    }

    /// <summary>The keys that lead to a field of the sweep file. What follows <c>space.</c> is one key.</summary>
    internal static string[] Path(string field)
    {
        string[] path = field.Split('.', 2);
        return path.Length == 2 && path[0] != Space ? field.Split('.') : path;
    }

    /// <summary>The keys that lead to a field of the base.</summary>
    internal static string[] PathInBase(string field, SpecOrigin origin)
    {
        string[] path = field.Split('.');
        if (path[0] == Base) return path[1..];
        string[] sections = [.. RunSections.All(RunVocabulary.All).Select(section => section.Name)];
        if (sections.Contains(path[0])) return path;
        string hint = NearestName.Hint(path[0], [.. sections, .. SweepFile.Fields]);
        throw origin.Fault(
            field, null, $"is a field of neither sweep nor run file{(hint.Length > 0 ? hint : $": they have {string.Join(", ", SweepFile.Fields.Union(sections))}")}");
    }
}
