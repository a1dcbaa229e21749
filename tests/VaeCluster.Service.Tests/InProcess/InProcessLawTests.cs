using VaeCluster.Service.Tests.Laws;

namespace VaeCluster.Service.Tests.InProcess;

/// <summary>The laws of the run service, in one process.</summary>
public sealed class InProcessRunTests : RunServiceLaws
{
    protected override Task<LawHost> StartAsync() => InProcessLawHost.StartAsync();
}

/// <summary>The laws of the sweep service, in one process.</summary>
public sealed class InProcessSweepTests : SweepServiceLaws
{
    protected override Task<LawHost> StartAsync() => InProcessLawHost.StartAsync();
}
