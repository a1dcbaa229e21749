using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Silo.Logs;

/// <summary>
/// Ends the process at Orleans' first word of a fatal error, such as that the cluster has declared this silo dead: what it does from then on
/// could only be in the others' way, and Orleans itself would wait for seconds.
/// </summary>
internal sealed class FatalErrors : ILoggerProvider
{
    private const string Category = "Orleans.Runtime.FatalErrorHandler";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = [];

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, static name => new Watch(name == Category));

    public void Dispose() => _loggers.Clear();

    private sealed class Watch(bool isFatal) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isFatal && logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            Console.Error.WriteLine($"error: this silo ends at once: {LineFormatter.Line($"{formatter(state, exception)} {exception?.Message}")}");
            Console.Error.Flush();
            Process.GetCurrentProcess().Kill();
        }
    }
}
