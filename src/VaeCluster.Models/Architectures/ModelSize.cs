using System.Globalization;
using VaeCluster.Core;

namespace VaeCluster.Models.Architectures;

/// <summary>Counts the parameters of layers before any is declared, in arithmetic that does not overflow.</summary>
internal static class ModelSize
{
    /// <summary>The most layers that a list in the run file may have.</summary>
    internal const int MostLayers = 256;

    /// <summary>The most values of a feature map of one image.</summary>
    internal const int MostFeatures = 1 << 28;

    // All parameters are one vector, and a tensor must be read back from a checkpoint in one piece of bytes.
    private static readonly Int128 MostParameters = Array.MaxLength, MostInTensor = Array.MaxLength / sizeof(float);

    /// <summary>Parameters of fully connected layers: all of them, and those of the largest weight matrix.</summary>
    /// <param name="sizes">Inputs of the first layer, then outputs of each layer.</param>
    internal static (Int128 All, Int128 Largest) Dense(IReadOnlyList<long> sizes)
    {
        Int128 all = 0, largest = 0;
        for (int i = 1; i < sizes.Count; i++)
        {
            Int128 weights = (Int128)sizes[i] * sizes[i - 1];
            all += weights + sizes[i];
            largest = Int128.Max(largest, weights);
        }

        return (all, largest);
    }

    /// <summary>Parameters of a convolution: all of them, and those of its weights.</summary>
    /// <param name="from">Channels that it reads.</param>
    /// <param name="to">Channels that it writes.</param>
    /// <param name="kernel">Side of its kernel.</param>
    internal static (Int128 All, Int128 Largest) Conv(int from, int to, int kernel)
    {
        Int128 weights = (Int128)from * to * kernel * kernel;
        return (weights + to, weights);
    }

    /// <summary>Refuses a feature map of one image that is too large; the values of a batch are counted before training.</summary>
    /// <param name="field">The field that makes it so large.</param>
    /// <param name="value">Its value.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="positions">Height times width.</param>
    /// <exception cref="BadInputException">It is too large.</exception>
    internal static void DemandMap(string field, string value, int channels, Int128 positions)
    {
        if (channels * positions > MostFeatures)
            throw new BadInputException(BadInputException.RunFile, field, value, string.Create(
                CultureInfo.InvariantCulture,
                $"makes a feature map of {channels} channels and {positions} positions; at most {MostFeatures} values are supported"));
    }

    /// <summary>Refuses a model that is too large for its vector of parameters.</summary>
    /// <param name="field">The field that makes it so large.</param>
    /// <param name="value">Its value.</param>
    /// <param name="parts">Parameters of each part: all, and those of its largest tensor.</param>
    /// <exception cref="BadInputException">It is too large.</exception>
    internal static void Demand(string field, string value, params ReadOnlySpan<(Int128 All, Int128 Largest)> parts)
    {
        Int128 all = 0, largest = 0;
        foreach ((Int128 count, Int128 most) in parts)
        {
            all += count;
            largest = Int128.Max(largest, most);
        }

        if (all > MostParameters)
            throw new BadInputException(BadInputException.RunFile, field, value, string.Create(
                CultureInfo.InvariantCulture, $"makes a model of {all} parameters; at most {MostParameters} are supported"));
        if (largest > MostInTensor)
            throw new BadInputException(BadInputException.RunFile, field, value, string.Create(
                CultureInfo.InvariantCulture, $"makes a layer of {largest} weights; at most {MostInTensor} are supported"));
    }

    /// <summary>A list as in the run file.</summary>
    /// <param name="sizes">Its elements.</param>
    internal static string Text(IEnumerable<int> sizes) => $"[{string.Join(", ", sizes)}]";
}
