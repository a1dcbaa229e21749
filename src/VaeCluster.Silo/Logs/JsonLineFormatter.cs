using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using VaeCluster.Server.Logs;

namespace VaeCluster.Silo.Logs;

/// <summary>Writes one JSON object per message, see <see cref="LogLine"/>.</summary>
/// <param name="own">The category of the silo's own messages.</param>
internal sealed class JsonLineFormatter(string own) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "json-lines";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string level = logEntry.LogLevel switch
        {
            LogLevel.Critical or LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            _ => "info",
        };
        string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(LogLine.Write(
            DateTimeOffset.UtcNow, level, text, logEntry.Category == own ? null : logEntry.Category, logEntry.Exception?.ToString()));
    }
}
