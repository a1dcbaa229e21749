using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Tests.Graphs;

/// <summary>Trials at given vector widths of this engine.</summary>
public sealed partial class Trial
{
    internal Dictionary<string, float[]> Run(KernelWidth width, int examples, int shards = 1, int firstExample = 0, float[]? addTo = null)
    {
        using var engine = new ManagedEngine(width);
        return Run(engine, examples, shards, firstExample, addTo);
    }

    internal void AssertAgreesWithReference(KernelWidth width, int examples, int shards, double tolerance = 2e-5)
    {
        using var engine = new ManagedEngine(width);
        AssertAgreesWithReference(engine, examples, shards, tolerance);
    }

    internal void AssertShardsAddUp(KernelWidth width, int examples, int shards)
    {
        using var engine = new ManagedEngine(width);
        AssertShardsAddUp(engine, examples, shards);
    }
}
