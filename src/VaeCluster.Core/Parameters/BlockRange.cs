namespace VaeCluster.Core.Parameters;

/// <summary>A contiguous range of whole blocks of the flat vector, owned by one parameter server.</summary>
/// <param name="Index">Position among the ranges of a run, from 0.</param>
/// <param name="FirstBlock">Index of its first block.</param>
/// <param name="Blocks">Number of its blocks.</param>
/// <param name="Offset">Index of its first element in the flat vector.</param>
/// <param name="Length">Number of its elements.</param>
public readonly record struct BlockRange(int Index, int FirstBlock, int Blocks, int Offset, int Length);
