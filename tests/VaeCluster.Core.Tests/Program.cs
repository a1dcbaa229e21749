using VaeCluster.Core.Tests.Numerics;

namespace VaeCluster.Core.Tests;

/// <summary>Entry point for VectorWidthTests, which start this assembly as a separate process; the test host never calls it.</summary>
internal static class Program
{
    private static void Main() => Console.WriteLine(ArithmeticDigest.Describe());
}
