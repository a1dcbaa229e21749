namespace VaeCluster.Engine.Managed.Tests;

/// <summary>
/// Tests that run without others in parallel: a thread's allocated bytes are counted per allocation buffer, and a garbage collection
/// triggered by another test would end the buffer early.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
