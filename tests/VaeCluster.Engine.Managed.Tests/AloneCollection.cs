namespace VaeCluster.Engine.Managed.Tests;

/// <summary>
/// Tests beside which no other one runs: the bytes that a thread has allocated are counted by the buffer, and a collection that another test
/// begins ends the buffer early.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
