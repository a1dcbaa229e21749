using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>Finds the products of every position of the result. Positions that are equally far from the edges share a list.</summary>
internal static class PlacePlan
{
    /// <summary>Below this many channels a tile covers neighbouring positions.</summary>
    internal const int FewChannels = 4;

    /// <summary>Small grid from large grid: the forward pass of a convolution, and the backward pass of a transposed one.</summary>
    /// <param name="g">The geometry.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="arena">Memory for the lists.</param>
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
                places[(i * g.Small.Width) + j] = new Place(taps, g.Large.RowOf(top, left) * stride, g.Small.RowOf(i, j) * stride);
            }
        }

        return places;
    }

    /// <summary>Large grid from small grid: the forward pass of a transposed convolution, and the backward pass of a convolution.</summary>
    /// <param name="g">The geometry.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="joins">Whether neighbouring positions of a row with the same taps become one place.</param>
    /// <param name="arena">Memory for the lists.</param>
    internal static Place[] Spread(ConvGeometry g, int stride, bool joins, Arena arena)
    {
        var places = new List<Place>(g.Large.Positions);
        var shared = new Dictionary<(Reach, Reach), Taps>();
        for (int a = 0; a < g.Large.Height; a++)
        {
            (Reach rows, int i) = Reach.Into(a + g.Padding, g.Kernel, g.Stride, g.Small.Height);

            // Every stride-th position of a row uses the same columns of the kernel.
            for (int phase = 0; phase < g.Stride; phase++)
            {
                int firstOfRow = places.Count;
                for (int b = phase; b < g.Large.Width; b += g.Stride)
                {
                    (Reach columns, int j) = Reach.Into(b + g.Padding, g.Kernel, g.Stride, g.Small.Width);
                    if (!shared.TryGetValue((rows, columns), out Taps? taps))
                        shared.Add((rows, columns), taps = new Taps([.. SpreadTaps(g, stride, rows, columns)], arena));
                    nint operand = g.Small.RowOf(i, j) * stride, next = (nint)g.Small.Channels * stride;
                    if (joins && places.Count > firstOfRow && places[^1] is var last && last.Taps == taps
                        && operand == last.Operand + (last.Count * next))
                        places[^1] = last with { Count = last.Count + 1 };
                    else
                        places.Add(new Place(taps, operand, g.Large.RowOf(a, b) * stride));
                }
            }
        }

        return [.. places];
    }

    // Channels innermost, as in memory.
    private static IEnumerable<(nint Weight, nint Operand)> GatherTaps(ConvGeometry g, int stride, Reach rows, Reach columns)
    {
        for (int u = rows.First; u < rows.End; u++)
        {
            for (int v = columns.First; v < columns.End; v++)
            {
                for (int c = 0; c < g.Large.Channels; c++)
                    yield return (
                        PackedWeights.Offset(c, (u * g.Kernel) + v, g.KernelArea, g.Small.Channels), g.Large.RowOf(u, v, c) * stride);
            }
        }
    }

    // Kernel rows First, First + stride, … correspond to small rows i, i − 1, …
    private static IEnumerable<(nint Weight, nint Operand)> SpreadTaps(ConvGeometry g, int stride, Reach rows, Reach columns)
    {
        for (int u = rows.First; u < rows.End; u += g.Stride)
        {
            for (int v = columns.First; v < columns.End; v += g.Stride)
            {
                int up = (u - rows.First) / g.Stride, left = (v - columns.First) / g.Stride;
                for (int c = 0; c < g.Small.Channels; c++)
                    yield return (
                        PackedWeights.Offset(c, (u * g.Kernel) + v, g.KernelArea, g.Large.Channels), g.Small.RowOf(-up, -left, c) * stride);
            }
        }
    }
}

/// <summary>Adjacent positions in a row of the result that have the same products.</summary>
/// <param name="Taps">Their products.</param>
/// <param name="Operand">Base offset of the first position's operands, in elements; each further one is a position away.</param>
/// <param name="Result">Offset of the first position's first channel in the result, in elements.</param>
/// <param name="Count">Number of positions.</param>
internal readonly record struct Place(Taps Taps, nint Operand, nint Result, int Count = 1);
