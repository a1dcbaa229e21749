namespace VaeCluster.Engine.Managed.Tests;

/// <summary>Entry point of the assembly when a test starts it again with other vectors.</summary>
internal static class EngineDigestProgram
{
    private static void Main() => Console.WriteLine(EngineDigest.Describe());
}
