using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Engine.Managed.Tests.Graphs;

namespace VaeCluster.Engine.Managed.Tests;

/// <summary>A digest of the engine's results for every operation, at the vector width of this process.</summary>
internal static class EngineDigest
{
    /// <summary>The vector width of this process, and the digest.</summary>
    internal static string Describe() => $"{TileKernels.Best} {Compute()}";

    internal static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in OperationCases.All) Add(hash, OperationCases.Create(name));
        Add(hash, ConvolutionTests.Convolution(3, 13, 9, 7, 4, 2, 1));
        Add(hash, ConvolutionTests.Transposed(13, 3, 9, 7, 4, 2, 1));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, Trial trial)
    {
        Dictionary<string, float[]> results = trial.Run(TileKernels.Best, examples: 20, shards: 4);
        foreach ((string _, float[] values) in results.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}

/// <summary>Entry point of the assembly when a test starts it again with another vector width.</summary>
internal static class EngineDigestProgram
{
    private static void Main() => Console.WriteLine(EngineDigest.Describe());
}
