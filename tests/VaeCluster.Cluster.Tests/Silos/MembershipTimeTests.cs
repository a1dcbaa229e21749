using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VaeCluster.Silo.Hosting;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Orleans' watchdog, if its thread that detects hanging checks is faster than the thread that starts it.</summary>
public sealed class MembershipTimeTests
{
    private const string Key = "Orleans.Membership";

    [Fact]
    public void A_starting_silo_is_not_reported_as_hanging()
    {
        Assert.DoesNotContain(Watch(services => services.GetRequiredKeyedService<TimeProvider>(Key)),
            line => line.Contains("has not completed", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_our_clock_it_would_be_reported()
    {
        // If this fails, Orleans has fixed its watchdog, and MembershipTime can be removed.
        Assert.Contains(Watch(_ => TimeProvider.System),
            line => line.StartsWith("Participant check thread has not completed for ", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_timestamps_begin_at_zero_and_advance_like_those_of_the_system()
    {
        var time = new MembershipTime();
        Assert.True(time.GetElapsedTime(0) < TimeSpan.FromSeconds(15));
        long first = time.GetTimestamp(), second = time.GetTimestamp();
        Assert.True(first >= 0 && second >= first);
        Assert.Equal(TimeProvider.System.TimestampFrequency, time.TimestampFrequency);
    }

    // Starts and stops the watchdog of a silo; returns what it logged.
    private static IEnumerable<string> Watch(Func<IServiceProvider, TimeProvider> clock)
    {
        var lines = new Lines();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(lines);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            MembershipTime.AddTo(silo.Services);
        });
        using IHost host = builder.Build();
        Type type = Type.GetType("Orleans.Runtime.Watchdog, Orleans.Runtime", throwOnError: true)!;
        object watchdog = ActivatorUtilities.CreateInstance(host.Services, type, new SlowStart(clock(host.Services)));
        type.GetMethod("Start")!.Invoke(watchdog, null);
        type.GetMethod("Stop")!.Invoke(watchdog, null);
        return lines.Texts;
    }

    // Blocks the thread that starts the watchdog at its second request for the time until the watching thread has checked once.
    private sealed class SlowStart(TimeProvider clock) : TimeProvider
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

        private readonly int _starter = Environment.CurrentManagedThreadId;
        private readonly ManualResetEventSlim _looked = new();
        private int _asked, _looks;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp()
        {
            // It reads the time since its last turn and since the last check, and then records the time of this turn.
            if (Thread.CurrentThread.Name == "Orleans.Runtime.Watchdog.Platform" && ++_looks == 3) _looked.Set();
            if (Environment.CurrentManagedThreadId == _starter && ++_asked == 2)
                Assert.True(_looked.Wait(Longest), "the watchdog starts in a different order");
            return clock.GetTimestamp();
        }
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Texts.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
