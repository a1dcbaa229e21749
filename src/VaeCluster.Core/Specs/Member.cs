namespace VaeCluster.Core.Specs;

/// <summary>What a run file may say about one member of a family.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Fields">The fields that it takes beside those of its section.</param>
public sealed record Member(string Name, string Summary, IReadOnlyList<FieldRule> Fields)
{
    /// <summary>A choice with the defaults of the fields that it leaves out, for specs that are made in code and not parsed.</summary>
    /// <param name="family">The members to choose from.</param>
    /// <param name="choice">The choice.</param>
    /// <exception cref="ArgumentException">The family has no such member, or a required field is left out.</exception>
    public static MemberSpec Complete(IReadOnlyList<Member> family, MemberSpec choice)
    {
        Member member = family.FirstOrDefault(candidate => candidate.Name == choice.Name)
            ?? throw new ArgumentException($"'{choice.Name}' is none of {string.Join(", ", family.Select(candidate => candidate.Name))}", nameof(choice));

        var values = new Dictionary<string, object>(choice.Values, StringComparer.Ordinal);
        foreach (FieldRule rule in member.Fields)
        {
            if (values.ContainsKey(rule.Name)) continue;
            if (rule.Default is not null) values[rule.Name] = rule.Default;
            else if (rule.Required) throw new ArgumentException($"'{choice.Name}' needs the field '{rule.Name}'", nameof(choice));
        }

        return new MemberSpec(choice.Name, values);
    }
}
