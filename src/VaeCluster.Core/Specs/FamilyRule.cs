namespace VaeCluster.Core.Specs;

/// <summary>A field that chooses one member of a family.</summary>
/// <param name="Field">The name in the run file, for example <c>likelihood</c>.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Members">The choices.</param>
public sealed record FamilyRule(string Field, string Summary, IReadOnlyList<Member> Members)
{
    /// <summary>The choice if the file does not make one; null: the field is required.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// False: the chosen member's fields are written flat in the section. True: they are written in a nested map with <c>kind</c>; a member
    /// whose fields all have their defaults may be given by its bare name.
    /// </summary>
    public bool Nested { get; init; }
}
