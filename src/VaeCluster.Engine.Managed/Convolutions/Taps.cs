using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// The products that make up one position: for each the offset of its weight and of its operand, relative to the position's own base. Positions
/// away from the edges share one list. What lies beyond an edge is left out, which gives the bits of multiplying by zero.
/// </summary>
internal sealed unsafe class Taps
{
    /// <summary>Keeps a list.</summary>
    /// <param name="offsets">Weight and operand offsets, in the order of the chain.</param>
    /// <param name="arena">Where it is kept.</param>
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

    /// <summary>How many products.</summary>
    internal int Count { get; }

    /// <summary>Offsets of the weights.</summary>
    internal nint* Weights { get; }

    /// <summary>Offsets of the operands.</summary>
    internal nint* Operands { get; }
}
