using System.Net.Sockets;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Database;

/// <summary>How long to wait for a database that cannot be reached.</summary>
public sealed class DatabaseRetryTests
{
    private static readonly BadInputException Away = new("--database", null, null, "cannot be used", new SocketException(111));

    [Fact]
    public async Task It_retries_until_the_database_answers_and_logs_the_wait_once()
    {
        var time = new InstantTime();
        var log = new List<string>();
        int asked = 0;
        await new DatabaseRetry(TimeSpan.FromSeconds(60), time)
            .RunAsync(() => ++asked < 5 ? throw Away : Task.CompletedTask, log.Add, default);
        Assert.Equal(5, asked);
        Assert.Equal(4, time.Waits.Count);
        Assert.EndsWith("waiting for it", Assert.Single(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task It_gives_up_at_the_limit_with_the_original_exception(int seconds)
    {
        var time = new InstantTime();
        var retry = new DatabaseRetry(TimeSpan.FromSeconds(seconds), time);
        Assert.Same(Away, await Assert.ThrowsAsync<BadInputException>(() => retry.RunAsync(() => throw Away, _ => { }, default)));
        Assert.True(time.Waits.Sum(wait => wait.TotalSeconds) <= seconds);
        Assert.Equal(seconds == 0, time.Waits.Count == 0);
    }

    [Fact]
    public async Task An_error_from_the_database_is_not_retried()
    {
        var time = new InstantTime();
        var refusal = new BadInputException("--database", null, null, "the user may not create tables there");
        await Assert.ThrowsAsync<BadInputException>(() =>
            new DatabaseRetry(TimeSpan.FromSeconds(60), time).RunAsync(() => throw refusal, _ => { }, default));
        Assert.Empty(time.Waits);
    }
}
