namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>Positions of the result that have the same products, side by side in a row of the grid.</summary>
/// <param name="Taps">Their products.</param>
/// <param name="Operand">Base of the first one's operand, in elements; the next one's is a position further.</param>
/// <param name="Result">Where the first one's first channel goes, in elements.</param>
/// <param name="Count">How many positions.</param>
internal readonly record struct Place(Taps Taps, nint Operand, nint Result, int Count = 1);
