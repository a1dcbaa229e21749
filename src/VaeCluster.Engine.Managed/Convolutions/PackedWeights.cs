using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// Weights in the order in which products read them: [operand channel, (u, v), result channel]. This makes the weights of one product
/// adjacent, whereas in the flat vector they are a kernel or a channel apart. A few thousand elements, packed at every use.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private readonly ConvGeometry _g;
    private readonly bool _gathers;

    /// <summary>Reserves the memory.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="gathers">Whether the result is the small grid.</param>
    /// <param name="arena">Provides the memory.</param>
    internal PackedWeights(ConvGeometry geometry, bool gathers, Arena arena)
    {
        _g = geometry;
        _gathers = gathers;
        Data = arena.Reserve(geometry.Weight.Length);
    }

    internal float* Data { get; }

    /// <summary>Offset of the weights of a product, one for each result channel.</summary>
    internal static nint Offset(int operandChannel, int tap, int kernelArea, int resultChannels) =>
        (((nint)operandChannel * kernelArea) + tap) * resultChannels;

    /// <summary>Packs the current weights.</summary>
    /// <param name="weights">[small channels, large channels, kernel, kernel].</param>
    internal void Pack(float* weights)
    {
        int area = _g.KernelArea, small = _g.Small.Channels, large = _g.Large.Channels;
        if (_gathers)
        {
            Transposition.Run(weights, large * area, small, large * area, Data, small);
            return;
        }

        for (int channel = 0; channel < small; channel++)
            Transposition.Run(weights + ((nint)channel * large * area), area, large, area, Data + ((nint)channel * large * area), large);
    }
}
