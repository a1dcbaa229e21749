using VaeCluster.Service.Tests.Laws;

namespace VaeCluster.Service.Tests.InProcess;

/// <summary>The laws of the service of runs in one process.</summary>
public sealed class InProcessRunTests : RunServiceLaws
{
    protected override Task<LawHost> StartAsync() => InProcessLawHost.StartAsync();
}

/// <summary>The laws of the service of sweeps in one process.</summary>
public sealed class InProcessSweepTests : SweepServiceLaws
{
    protected override Task<LawHost> StartAsync() => InProcessLawHost.StartAsync();
}
