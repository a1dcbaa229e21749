namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>A position of the result.</summary>
/// <param name="Taps">Its products.</param>
/// <param name="Operand">Base of the operand, in elements.</param>
/// <param name="Result">Where its first channel goes, in elements.</param>
internal readonly record struct Place(Taps Taps, nint Operand, nint Result);
