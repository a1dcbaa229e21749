using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// Weights in the order in which products read them: [channel of the operand, (u, v), channel of the result]. The weights of one product lie side
/// by side then, where the flat vector has them a kernel or a whole channel apart. Some thousand elements, packed at every use.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private readonly ConvGeometry _g;
    private readonly bool _gathers;

    /// <summary>Reserves the memory.</summary>
    /// <param name="geometry">The grids.</param>
    /// <param name="gathers">Whether the result is the small grid.</param>
    /// <param name="arena">Where it is kept.</param>
    internal PackedWeights(ConvGeometry geometry, bool gathers, Arena arena)
    {
        _g = geometry;
        _gathers = gathers;
        Data = arena.Reserve(geometry.Weight.Length);
    }

    internal float* Data { get; }

    /// <summary>Where the weights of a product begin: one for each channel of the result.</summary>
    internal static nint Offset(int operandChannel, int tap, int kernelArea, int resultChannels) =>
        (((nint)operandChannel * kernelArea) + tap) * resultChannels;

    /// <summary>Packs the weights as they are now.</summary>
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
