using VaeCluster.Service.Tests.Laws;

namespace VaeCluster.Cluster.Tests.Laws;

/// <summary>The laws of the run service, on a cluster.</summary>
[Trait("Duration", "long")]
public sealed class ClusterRunTests : RunServiceLaws
{
    protected override Task<LawHost> StartAsync() => ClusterLawHost.StartAsync();
}

/// <summary>The laws of the sweep service, on a cluster.</summary>
public sealed class ClusterSweepTests : SweepServiceLaws
{
    protected override Task<LawHost> StartAsync() => ClusterLawHost.StartAsync();
}
