using VaeCluster.Engine.Managed;
using VaeCluster.Service.InProcess;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Service.Tests.InProcess;

/// <summary>The service in the test's process, as in `serve`.</summary>
public sealed class InProcessLawHost : LawHost
{
    private readonly TemporaryFolder _folder = new();
    private InProcessService? _service;

    public override string Folder => _folder.Path;

    public override IRunService Runs => _service!.Runs;

    public override ISweepService Sweeps => _service!.Sweeps;

    public static async Task<LawHost> StartAsync()
    {
        var host = new InProcessLawHost();
        await host.RestartAsync();
        return host;
    }

    public override async Task RestartAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
        _service = await InProcessService.OpenAsync(new InProcessOptions { RunsFolder = RunsFolder, Engine = () => new ManagedEngine() });
    }

    public override async ValueTask DisposeAsync()
    {
        await _service!.DisposeAsync();
        _folder.Dispose();
    }
}
