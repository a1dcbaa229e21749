using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VaeCluster.Server.Logs;

namespace VaeCluster.Silo.Logs;

/// <summary>Where the silo's words go: one line each, to the error output, Orleans' only from warnings up.</summary>
internal static partial class SiloLogs
{
    private const string Category = "VaeCluster";

    /// <summary>Sets the outputs of a host.</summary>
    /// <param name="logs">The host's logs.</param>
    /// <param name="verbose">Whether Orleans may say more.</param>
    /// <param name="format">How to write.</param>
    internal static void Configure(ILoggingBuilder logs, bool verbose, LogFormat format)
    {
        logs.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
        logs.AddFilter(Category, LogLevel.Information);

        // Its warnings are advice on the garbage collector, which this program has chosen.
        logs.AddFilter("Orleans.Runtime.Silo", verbose ? LogLevel.Information : LogLevel.Error);
        logs.AddProvider(new FatalErrors(format));
        logs.AddConsole(console =>
        {
            console.FormatterName = format == LogFormat.Json ? JsonLineFormatter.FormatterName : LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logs.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(Category));
        logs.Services.AddSingleton<ConsoleFormatter>(new JsonLineFormatter(Category));
    }

    /// <summary>The silo's own words.</summary>
    /// <param name="factory">The outputs.</param>
    internal static Action<string> Lines(ILoggerFactory factory)
    {
        ILogger logger = factory.CreateLogger(Category);
        return text => Line(logger, text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void Line(ILogger logger, string text);
}
