using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>Finds the products of every position of the result. Positions with the same reach over both edges share a list.</summary>
internal static class PlacePlan
{
    /// <summary>Small from large: what a convolution computes, and the way back of a transposed one.</summary>
    /// <param name="g">The geometry.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="arena">Where the lists are kept.</param>
    internal static Place[] Gather(ConvGeometry g, int stride, Arena arena)
    {
        var places = new Place[g.Small.Positions];
        var shared = new Dictionary<(Reach, Reach), Taps>();
        for (int i = 0; i < g.Small.Height; i++)
        {
            int top = (i * g.Stride) - g.Padding;
            Reach rows = Reach.Within(top, g.Kernel, g.Large.Height);
            for (int j = 0; j < g.Small.Width; j++)
            {
                int left = (j * g.Stride) - g.Padding;
                Reach columns = Reach.Within(left, g.Kernel, g.Large.Width);
                if (!shared.TryGetValue((rows, columns), out Taps? taps))
                    shared.Add((rows, columns), taps = new Taps([.. GatherTaps(g, stride, rows, columns)], arena));
                nint operand = (((nint)top * g.Large.Width) + left) * stride;
                places[(i * g.Small.Width) + j] = new Place(taps, operand, (nint)((i * g.Small.Width) + j) * stride);
            }
        }

        return places;
    }

    /// <summary>Large from small: what a transposed convolution computes, and the way back of a convolution.</summary>
    /// <param name="g">The geometry.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="arena">Where the lists are kept.</param>
    internal static Place[] Spread(ConvGeometry g, int stride, Arena arena)
    {
        var places = new Place[g.Large.Positions];
        var shared = new Dictionary<(Reach, Reach), Taps>();
        for (int a = 0; a < g.Large.Height; a++)
        {
            (Reach rows, int i) = Reach.Into(a + g.Padding, g.Kernel, g.Stride, g.Small.Height);
            for (int b = 0; b < g.Large.Width; b++)
            {
                (Reach columns, int j) = Reach.Into(b + g.Padding, g.Kernel, g.Stride, g.Small.Width);
                if (!shared.TryGetValue((rows, columns), out Taps? taps))
                    shared.Add((rows, columns), taps = new Taps([.. SpreadTaps(g, stride, rows, columns)], arena));
                places[(a * g.Large.Width) + b] = new Place(taps, (nint)((i * g.Small.Width) + j) * stride, (nint)((a * g.Large.Width) + b) * stride);
            }
        }

        return places;
    }

    private static IEnumerable<(nint Weight, nint Operand)> GatherTaps(ConvGeometry g, int stride, Reach rows, Reach columns)
    {
        for (int c = 0; c < g.Large.Channels; c++)
            for (int u = rows.First; u < rows.End; u++)
                for (int v = columns.First; v < columns.End; v++)
                    yield return (PackedWeights.Offset(c, (u * g.Kernel) + v, g.KernelArea, g.Small.Channels), (((((nint)c * g.Large.Height) + u) * g.Large.Width) + v) * stride);
    }

    // Kernel rows First, First + stride, … fall on small rows i, i − 1, …
    private static IEnumerable<(nint Weight, nint Operand)> SpreadTaps(ConvGeometry g, int stride, Reach rows, Reach columns)
    {
        for (int c = 0; c < g.Small.Channels; c++)
            for (int u = rows.First; u < rows.End; u += g.Stride)
                for (int v = columns.First; v < columns.End; v += g.Stride)
                {
                    nint weight = PackedWeights.Offset(c, (u * g.Kernel) + v, g.KernelArea, g.Large.Channels);
                    int up = (u - rows.First) / g.Stride, left = (v - columns.First) / g.Stride;
                    yield return (weight, (((((nint)c * g.Small.Height) - up) * g.Small.Width) - left) * stride);
                }
    }
}
