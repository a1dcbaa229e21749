using Microsoft.Extensions.Hosting;

namespace VaeCluster.Silo.Hosting;

/// <summary>Leaves signals to the command line, which lets work move away before the host stops.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
