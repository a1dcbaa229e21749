namespace VaeCluster.Core.Specs;

/// <summary>A section of the run file and what it may contain; used by the parser, the help and the documentation.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Families">The fields that choose a member of a family.</param>
/// <param name="Fields">Its other fields, without those of the chosen members.</param>
public sealed record SectionRule(string Name, string Summary, IReadOnlyList<FamilyRule> Families, IReadOnlyList<FieldRule> Fields);
