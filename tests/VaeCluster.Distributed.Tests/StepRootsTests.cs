using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Messages;

namespace VaeCluster.Distributed.Tests;

public sealed class StepRootsTests
{
    [Fact]
    public async Task Each_range_counts_once_and_only_for_its_step()
    {
        var roots = new StepRoots(5, 2);
        RangeGradient first = new(default, [1]), second = new(default, [2]);
        roots.Tell(0, 4, second);
        roots.Tell(2, 5, second);
        roots.Tell(-1, 5, second);
        Assert.False(roots.IsKnown(0));
        roots.Tell(0, 5, first);
        roots.Tell(0, 5, second);
        Assert.True(roots.IsKnown(0));
        Assert.False(roots.All.IsCompleted);
        roots.Tell(1, 5, second);
        Assert.Equal([first, second], await roots.All);
        roots.Fail(new InvalidOperationException("late"));
        Assert.True(roots.All.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task One_that_cannot_be_asked_ends_the_step_at_once()
    {
        var roots = new StepRoots(5, 2);
        roots.Fail(new InvalidOperationException("gone"));
        Assert.Equal("gone", (await Assert.ThrowsAsync<InvalidOperationException>(() => roots.All)).Message);
    }

    [Fact]
    public async Task Who_waits_goes_on_on_the_thread_that_brings_the_last()
    {
        var roots = new StepRoots(5, 1);
        Task<Thread> waiting = WaitAsync();
        var bringer = new Thread(() => roots.Tell(0, 5, new RangeGradient(default, [])));
        bringer.Start();
        bringer.Join();
        Assert.True(waiting.IsCompleted);
        Assert.Same(bringer, await waiting);

        async Task<Thread> WaitAsync()
        {
            await roots.All.ConfigureAwait(false);
            return Thread.CurrentThread;
        }
    }
}
