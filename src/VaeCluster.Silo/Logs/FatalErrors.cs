using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VaeCluster.Server.Logs;

namespace VaeCluster.Silo.Logs;

/// <summary>
/// Ends the process as soon as Orleans logs a fatal error, for example that the cluster has declared this silo dead. Anything the silo did
/// from then on could only disturb the others, and Orleans itself would wait for seconds.
/// </summary>
/// <param name="format">The format of the last message.</param>
internal sealed class FatalErrors(LogFormat format) : ILoggerProvider
{
    private const string Category = "Orleans.Runtime.FatalErrorHandler";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = [];

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Watch(name == Category, format));

    public void Dispose() => _loggers.Clear();

    private sealed class Watch(bool isFatal, LogFormat format) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isFatal && logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            string word = $"this silo ends at once: {LineFormatter.Line($"{formatter(state, exception)} {exception?.Message}")}";
            Console.Error.WriteLine(format == LogFormat.Json ? LogLine.Write(DateTimeOffset.UtcNow, "error", word) : $"error: {word}");
            Console.Error.Flush();
            Process.GetCurrentProcess().Kill();
        }
    }
}
