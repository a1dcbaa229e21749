using VaeCluster.Core.Tests.Numerics;

namespace VaeCluster.Core.Tests;

/// <summary>What a test starts as a process of its own; the test host never calls it.</summary>
internal static class Program
{
    private static void Main() => Console.WriteLine(ArithmeticDigest.Describe());
}
