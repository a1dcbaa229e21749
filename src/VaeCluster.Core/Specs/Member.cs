namespace VaeCluster.Core.Specs;

/// <summary>One choice of a family (for example one dataset or one optimiser) with the fields that it adds to the run file.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Fields">Its own fields, in addition to those of its section.</param>
public sealed record Member(string Name, string Summary, IReadOnlyList<FieldRule> Fields)
{
    /// <summary>Adds the defaults of missing fields to a choice, for specs that are made in code rather than parsed.</summary>
    /// <param name="family">The members to choose from.</param>
    /// <param name="choice">The choice.</param>
    /// <exception cref="ArgumentException">The family has no such member, or a required field is left out.</exception>
    public static MemberSpec Complete(IReadOnlyList<Member> family, MemberSpec choice)
    {
        Member member = family.FirstOrDefault(candidate => candidate.Name == choice.Name)
            ?? throw new ArgumentException(
                $"unknown name '{choice.Name}'; expected one of {string.Join(", ", family.Select(candidate => candidate.Name))}",
                nameof(choice));

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
