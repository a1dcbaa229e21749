namespace VaeCluster.Core.Specs;

/// <summary>A field that chooses one member of a family.</summary>
/// <param name="Field">The name in the run file, for example <c>likelihood</c>.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Members">The choices.</param>
public sealed record FamilyRule(string Field, string Summary, IReadOnlyList<Member> Members)
{
    /// <summary>The choice where the file leaves it out; null: it must be made.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// False: the chosen member's fields stand flat in the section. True: they stand in a map of their own with <c>kind</c>, for which
    /// the bare name may stand.
    /// </summary>
    public bool Nested { get; init; }
}
