using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VaeCluster.Server.Logs;

namespace VaeCluster.Silo.Logs;

/// <summary>Configures the silo's log: one line per message, to standard error, Orleans' messages only from warnings up.</summary>
internal static partial class SiloLogs
{
    private const string Category = "VaeCluster";

    /// <summary>Configures a host's logging.</summary>
    /// <param name="logs">The host's logging.</param>
    /// <param name="verbose">Whether to include Orleans' informational messages.</param>
    /// <param name="format">The log format.</param>
    internal static void Configure(ILoggingBuilder logs, bool verbose, LogFormat format)
    {
        logs.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
        logs.AddFilter(Category, LogLevel.Information);

        // Its warnings are advice about the garbage collector's settings, which are deliberate.
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

    /// <summary>A log for the silo's own messages.</summary>
    /// <param name="factory">Creates the logger.</param>
    internal static Action<string> Lines(ILoggerFactory factory)
    {
        ILogger logger = factory.CreateLogger(Category);
        return text => Line(logger, text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void Line(ILogger logger, string text);
}
