using System.Collections;
using System.Globalization;
using System.Text;

namespace VaeCluster.Core.Specs;

/// <summary>The reference of all run file fields as a Markdown table, generated from the rules that the parser uses.</summary>
public static class RunFileReference
{
    /// <summary>Generates the table.</summary>
    /// <param name="vocabulary">The members that a run file may choose from.</param>
    public static string ToMarkdown(SpecVocabulary vocabulary)
    {
        var text = new StringBuilder("| field | default | meaning; what is allowed |\n|---|---|---|\n");
        foreach (SectionRule section in RunSections.All(vocabulary))
        {
            foreach (FamilyRule family in section.Families)
            {
                string name = $"{section.Name}.{family.Field}";
                string names = string.Join(", ", family.Members.Select(member => $"`{member.Name}`"));
                Row(text, name, family.Default, $"{family.Summary}; one of {names}");
                foreach (Member member in family.Members)
                    foreach (FieldRule field in member.Fields) Member(text, section.Name, family, member, field);
            }

            foreach (FieldRule field in section.Fields)
                Row(text, $"{section.Name}.{field.Name}", Default(field), $"{field.Summary}; {field.Allowed}");
        }

        return text.ToString();
    }

    private static void Member(StringBuilder text, string section, FamilyRule family, Member member, FieldRule field)
    {
        string place = family.Nested ? $"{section}.{family.Field}.{field.Name}" : $"{section}.{field.Name}";
        Row(text, $"{place} * `{member.Name}`", field.Required ? "required" : Default(field), $"{field.Summary}; {field.Allowed}");
    }

    private static string? Default(FieldRule field) => field.Default is null ? null : Text(field.Default);

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static void Row(StringBuilder text, string field, string? standard, string meaning)
    {
        string[] parts = field.Split(" * ");
        string name = parts.Length == 1 ? $"`{parts[0]}`" : $"`{parts[0]}` * {parts[1]}";
        string shown = standard is null ? string.Empty : $"`{standard}`";
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {shown} | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }
}
