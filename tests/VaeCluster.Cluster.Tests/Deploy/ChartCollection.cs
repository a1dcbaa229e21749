namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>Names the collection of tests that share one cluster of the chart.</summary>
[CollectionDefinition(Name)]
public sealed class ChartCollection : ICollectionFixture<ChartCluster>
{
    /// <summary>Its name.</summary>
    public const string Name = "one cluster of the chart";
}
