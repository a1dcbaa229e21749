using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Numerics;

/// <summary>A digest of the results of all arithmetic that affects weights, and the vector width used to compute it.</summary>
internal static class ArithmeticDigest
{
    internal static string Describe() => $"{Width()} {Compute()}";

    internal static string Width() =>
        Vector512.IsHardwareAccelerated ? "512"
            : Vector256.IsHardwareAccelerated ? "256"
            : Vector128.IsHardwareAccelerated ? Narrow() : "none";

    internal static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var x = new float[100_003];
        var y = new float[x.Length];
        new RandomStream(1, RandomPurpose.LatentNoise, 2, 3).FillNormal(x);
        Add(x);
        for (int i = 0; i < x.Length; i++) x[i] *= i % 7 * 6;
        VectorMath.Exp(x, y);
        Add(y);
        VectorMath.Tanh(x, y);
        Add(y);
        VectorMath.Sigmoid(x, y);
        Add(y);
        VectorMath.Softplus(x, y);
        Add(y);
        for (int i = 0; i < x.Length; i++) x[i] = Math.Abs(x[i]);
        VectorMath.Log(x, y);
        Add(y);
        new RandomStream(1, RandomPurpose.Binarization, 2, 3).FillBernoulli(y, y);
        Add(y);
        Add([LaneSum.Sum(x), (float)LaneSum.SumOfSquares(x)]);
        for (int i = 0; i < 1000; i++)
        {
            y[i] = (float)(ScalarMath.Exp(x[i] / 10) + ScalarMath.Log(x[i] + 1) + ScalarMath.Cos(x[i]) + ScalarMath.Sin(x[i])
                + ScalarMath.Pow(x[i], 0.3));
        }

        Add(y);
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(ReadOnlySpan<float> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    // With 128-bit vectors, code with and without hardware fused multiply-add takes different paths.
    private static string Narrow() => Fma.IsSupported ? "128+fma" : "128";
}
