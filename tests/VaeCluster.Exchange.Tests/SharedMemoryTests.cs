using FsCheck.Fluent;

namespace VaeCluster.Exchange.Tests;

/// <summary>Senders and listeners of one machine that share memory.</summary>
public sealed class SharedMemoryTests
{
    private const int Memory = 1 << 20;

    [Fact]
    public void Tensors_of_any_length_arrive_bit_for_bit_in_the_order_of_posting()
    {
        using Site site = Sharing();
        TensorSender sender = site.Sender();
        int step = 0;
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<ushort, uint>((length, seed) =>
        {
            // Some fit, some do not, and go through the socket.
            float[][] data = [.. new[] { 1, length + 1, 6 * length + 1 }.Select(count => Site.Numbers(count, seed))];
            foreach (float[] tensor in data) sender.Post(Site.Weights(++step), tensor, null);
            return data.All(tensor => Site.SameBits(tensor, site.Inbox.Whole()));
        }));
        Assert.Equal(0, sender.QueuedBytes);
    }

    [Fact]
    public void The_poster_sends_by_itself_what_there_is_room_for()
    {
        using Site site = Sharing();
        TensorSender sender = site.Sender();
        Assert.Null(Site.Send(sender, Site.Weights(1), [1])); // connects, on the sender's thread
        int told = 0;
        sender.Post(Site.Weights(2), Site.Numbers(1000), fault => told = fault is null ? Environment.CurrentManagedThreadId : -1);
        Assert.Equal(Environment.CurrentManagedThreadId, told);
        site.Inbox.Next();
        Assert.True(Site.SameBits(Site.Numbers(1000), site.Inbox.Whole()));
    }

    [Fact]
    public void Refused_tensors_are_passed_over_and_the_next_ones_received()
    {
        using Site site = Sharing(new Inbox { Refuses = header => header.Step % 2 == 1 });
        TensorSender sender = site.Sender();
        float[] data = Site.Numbers(100_000);
        for (int step = 1; step <= 20; step++) sender.Post(Site.Weights(step), data, null);
        for (int step = 2; step <= 20; step += 2) Assert.True(Site.SameBits(data, site.Inbox.Whole()));
    }

    [Fact]
    public void A_listener_that_takes_nothing_gets_the_rest_later_and_no_poster_waits()
    {
        using var held = new ManualResetEventSlim();
        using Site site = Sharing(new Inbox { OnReceived = (_, _) => held.Wait() });
        TensorSender sender = site.Sender();
        float[] data = Site.Numbers(100_000);
        for (int step = 1; step <= 20; step++) sender.Post(Site.Weights(step), data, null); // 8 MB through 1
        held.Set();
        for (int step = 1; step <= 20; step++) Assert.True(Site.SameBits(data, site.Inbox.Whole()));
    }

    [Fact]
    public void A_listener_opened_again_gets_the_next_tensor_through_memory_of_its_own()
    {
        using Site site = Sharing();
        TensorSender sender = site.Sender();
        int port = site.CloseListenerAfter(sender);
        site.Listen(port);
        float[] data = Site.Numbers(50_000);
        Assert.Null(Site.Send(sender, Site.Weights(2), data));
        Assert.True(Site.SameBits(data, site.Inbox.Whole()));
    }

    [Theory]
    [InlineData(0, Memory)]
    [InlineData(Memory, 0)]
    public void Where_one_of_the_two_shares_nothing_tensors_go_through_the_socket(int senders, int listeners)
    {
        using var site = new Site(change: options => options with { SharedMemory = listeners });
        TensorSender sender = site.Sender(change: options => options with { SharedMemory = senders });
        Assert.Null(Site.Send(sender, Site.Weights(1), [1]));
        int told = 0;
        using var done = new ManualResetEventSlim();
        sender.Post(Site.Weights(2), Site.Numbers(1000), _ =>
        {
            told = Environment.CurrentManagedThreadId;
            done.Set();
        });
        Assert.True(done.Wait(Inbox.Patience));
        Assert.NotEqual(Environment.CurrentManagedThreadId, told);
        site.Inbox.Next();
        Assert.True(Site.SameBits(Site.Numbers(1000), site.Inbox.Whole()));
    }

    [Fact]
    public void Nothing_is_left_of_the_memory_while_it_is_used()
    {
        // By its length this one is told from those of the tests beside it.
        const int Own = Memory + (7 * 4096);
        using Site site = Sharing(memory: Own);
        Assert.Null(Site.Send(site.Sender(), Site.Weights(1), [1]));
        site.Inbox.Next();
        Assert.DoesNotContain(new DirectoryInfo("/dev/shm").GetFiles("vaecluster-*"), file => file.Exists && file.Length == 4096 + Own);
    }

    private static Site Sharing(Inbox? inbox = null, int memory = Memory) => new(inbox, options => options with { SharedMemory = memory });
}
