using VaeCluster.Training.InProcess;

namespace VaeCluster.Training.Tests.InProcess;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_thread_does_its_part_of_every_round(int size)
    {
        using var team = new ThreadTeam(size);
        var counts = new int[size];
        for (int round = 1; round <= 2_000; round++)
        {
            team.Run(thread => counts[thread]++);
            Assert.All(counts, count => Assert.Equal(round, count));
        }
    }

    [Fact]
    public void A_fault_on_any_thread_reaches_the_caller_and_the_team_goes_on()
    {
        using var team = new ThreadTeam(3);
        var fault = Assert.Throws<AggregateException>(() => team.Run(thread =>
        {
            if (thread == 2) throw new InvalidOperationException("two");
        }));
        Assert.Equal("two", Assert.Single(fault.InnerExceptions).Message);
        int done = 0;
        team.Run(_ => Interlocked.Increment(ref done));
        Assert.Equal(3, done);
    }

    [Fact]
    public void Threads_that_have_gone_to_sleep_wake_up()
    {
        using var team = new ThreadTeam(4);
        int done = 0;
        for (int round = 0; round < 20; round++)
        {
            team.Run(_ => Interlocked.Increment(ref done));

            // Let the others give up spinning: they do within some tens of microseconds of processor time.
            for (int i = 0; i < 2_000; i++) Thread.Yield();
            Thread.SpinWait(200_000);
        }

        Assert.Equal(80, done);
    }
}
