using VaeCluster.CommandLine;
using VaeCluster.Server.Logs;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>A silo from its start to its end.</summary>
internal static class SiloHost
{
    /// <summary>Is a silo until told to leave.</summary>
    /// <param name="settings">What the silo is.</param>
    /// <param name="output">For what a person should know.</param>
    /// <param name="leave">Tells it to leave.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(SiloSettings settings, TextWriter output, CancellationToken leave)
    {
        await using RunningSilo silo = await RunningSilo.StartAsync(settings, leave);
        Action<string> say = LogLine.To(output, settings.LogFormat, "info");
        say(silo.Describe());
        await output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await silo.LeaveAsync(say);
        return ExitCodes.Done;
    }
}
