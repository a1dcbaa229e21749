namespace VaeCluster.Core.Specs;

/// <summary>A section of the run file: what it may say, for the parser, help and documentation alike.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Families">The choices of members that it makes.</param>
/// <param name="Fields">Its fields beside those of the chosen members.</param>
public sealed record SectionRule(string Name, string Summary, IReadOnlyList<FamilyRule> Families, IReadOnlyList<FieldRule> Fields);
