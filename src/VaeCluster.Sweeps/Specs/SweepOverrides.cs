using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Specs;

/// <summary>
/// Decides whether an override applies to the sweep file or its base. <c>objective</c> is in both: alone it means the sweep's objective,
/// with a subfield (<c>objective.beta</c>) the section of the run file.
/// </summary>
internal static class SweepOverrides
{
    private const string Base = "base", Space = "space", Objective = "objective";

    /// <summary>Whether a field belongs to the sweep file.</summary>
    internal static bool IsOfSweep(string field)
    {
        string first = field.Split('.')[0];
        return first == Base ? field == Base : SweepFile.Fields.Contains(first) && (first != Objective || field == Objective);
    }

    /// <summary>The path of keys of a sweep file field. The part after <c>space.</c> is one key.</summary>
    internal static string[] Path(string field)
    {
        string[] path = field.Split('.', 2);
        return path.Length == 2 && path[0] != Space ? field.Split('.') : path;
    }

    /// <summary>The path of keys of a field of the base.</summary>
    internal static string[] PathInBase(string field, SpecOrigin origin)
    {
        string[] path = field.Split('.');
        if (path[0] == Base) return path[1..];
        string[] sections = [.. RunSections.All(RunVocabulary.All).Select(section => section.Name)];
        if (sections.Contains(path[0])) return path;
        string hint = NearestName.Hint(path[0], [.. sections, .. SweepFile.Fields]);
        throw origin.Fault(
            field, null, "not a field of the sweep or run file"
                + (hint.Length > 0 ? hint : $"; allowed: {string.Join(", ", SweepFile.Fields.Union(sections))}"));
    }
}
