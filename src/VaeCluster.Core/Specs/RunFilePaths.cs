using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>The file paths in a run file.</summary>
public static class RunFilePaths
{
    /// <summary>Makes every path absolute, relative to where it was written, so that the run file can be saved elsewhere.</summary>
    /// <param name="file">The parsed run file; not modified.</param>
    /// <param name="vocabulary">The members to choose from.</param>
    public static SpecMap Resolve(SpecMap file, SpecVocabulary vocabulary)
    {
        foreach (SectionRule section in RunSections.All(vocabulary))
        {
            if (file.Find(section.Name) is not SpecMap map) continue;
            foreach (string field in PathFields(section))
            {
                if (map.Find(field) is SpecScalar { Value.Length: > 0 } path && !path.Value.Any(char.IsControl))
                    file = SpecOverrides.Set(file, [section.Name, field], new SpecScalar(path.Origin, Absolute(path), IsPlain: false));
            }
        }

        return file;
    }

    /// <summary>Whether a dotted field of a run file can be a path.</summary>
    /// <param name="field">Such as <c>data.path</c>.</param>
    /// <param name="vocabulary">The members to choose from.</param>
    public static bool IsPath(string field, SpecVocabulary vocabulary) =>
        RunSections.All(vocabulary).Any(section => PathFields(section).Any(name => field == $"{section.Name}.{name}"));

    /// <summary>Makes one path absolute.</summary>
    /// <param name="path">The path and where it was written.</param>
    public static string Absolute(SpecScalar path) => Path.GetFullPath(path.Value, path.Origin.BaseDirectory);

    private static IEnumerable<string> PathFields(SectionRule section) =>
        section.Fields
            .Concat(
                section.Families.Where(family => !family.Nested).SelectMany(family => family.Members).SelectMany(member => member.Fields))
            .Where(field => field.Kind == FieldKind.Path).Select(field => field.Name).Distinct();
}
