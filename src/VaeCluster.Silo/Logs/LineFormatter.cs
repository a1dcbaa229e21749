using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace VaeCluster.Silo.Logs;

/// <summary>Writes one line per message: time (UTC), level and category unless the message is the silo's own, text, exception.</summary>
/// <param name="own">The category of the silo's own messages.</param>
internal sealed class LineFormatter(string own) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "lines";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string fault = logEntry.Exception is { } exception && !text.Contains(exception.Message, StringComparison.Ordinal)
            ? $"({exception.GetType().Name}: {Line(exception.Message)})"
            : string.Empty;
        string speaker = logEntry.Category == own ? string.Empty : $"{Word(logEntry.LogLevel)} {logEntry.Category}: ";
        textWriter.Write(DateTime.UtcNow.ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.WriteLine($"{speaker}{Line(text)} {fault}".TrimEnd());
    }

    /// <summary>The first part of a text as one line, without the stack traces that nested exceptions carry.</summary>
    /// <param name="text">Any text.</param>
    internal static string Line(string text)
    {
        const int Longest = 400;
        int places = text.IndexOf("\n   at ", StringComparison.Ordinal);
        string line = (places < 0 ? text : text[..places]).ReplaceLineEndings(" ").Trim();
        return line.Length <= Longest ? line : $"{line[..Longest]}…";
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        _ => "info",
    };
}
