using VaeCluster.CommandLine;
using VaeCluster.Server.Logs;
using VaeCluster.Service.Store;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>Runs a silo from start to end.</summary>
internal static class SiloHost
{
    /// <summary>Runs a silo until it is told to leave.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="output">Receives notices for the operator.</param>
    /// <param name="leave">Tells it to leave.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(SiloSettings settings, TextWriter output, CancellationToken leave)
    {
        Action<string> say = LogLine.To(output, settings.LogFormat, "info");
        if (settings is { Token: not null, IsServer: true }) PrivateFiles.Begin(settings.Runs, say);
        await using RunningSilo silo = await RunningSilo.StartAsync(settings, leave);
        say(silo.Describe());
        await output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await silo.LeaveAsync(say);
        return ExitCodes.Done;
    }
}
