using System.Globalization;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>The health command, for images without a shell.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task It_distinguishes_a_ready_silo_from_a_missing_one()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync();
        string anywhere = string.Create(CultureInfo.InvariantCulture, $"http://*:{silo.Address.Port}");
        Assert.Equal("ready", (await SiloProcess.RunAsync(cluster.Folder.Path, "health", "--urls", anywhere)).Succeeded().Output.Trim());
        Assert.Equal("live",
            (await SiloProcess.RunAsync(cluster.Folder.Path, "health", "--live", "--urls", anywhere)).Succeeded().Output.Trim());
        silo.Kill();
        ProgramResult gone = await SiloProcess.RunAsync(cluster.Folder.Path, "health", "--urls", anywhere);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("does not answer", gone.Error, StringComparison.Ordinal);
    }
}
