using Microsoft.Extensions.Hosting;

namespace VaeCluster.Silo.Hosting;

/// <summary>Keeps the host from handling signals: the command line does, so that work can move away before the host stops.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
