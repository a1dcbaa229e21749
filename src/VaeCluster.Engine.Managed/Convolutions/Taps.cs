using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// The products of one position: for each, the offsets of its weight and its operand, relative to the position's base. Positions away from
/// the edges share one list. Products beyond an edge are left out, which gives the same bits as multiplying by zero.
/// </summary>
internal sealed unsafe class Taps
{
    /// <summary>Creates a list.</summary>
    /// <param name="offsets">Weight and operand offsets, in the order of summation.</param>
    /// <param name="arena">Provides the memory.</param>
    internal Taps(IReadOnlyList<(nint Weight, nint Operand)> offsets, Arena arena)
    {
        Count = offsets.Count;
        Weights = (nint*)arena.Reserve((long)Count * sizeof(nint) / sizeof(float));
        Operands = (nint*)arena.Reserve((long)Count * sizeof(nint) / sizeof(float));
        for (int i = 0; i < Count; i++)
        {
            Weights[i] = offsets[i].Weight;
            Operands[i] = offsets[i].Operand;
        }
    }

    /// <summary>Number of products.</summary>
    internal int Count { get; }

    /// <summary>Offsets of the weights.</summary>
    internal nint* Weights { get; }

    /// <summary>Offsets of the operands.</summary>
    internal nint* Operands { get; }
}
