using FsCheck.Fluent;

namespace VaeCluster.Exchange.Tests;

public sealed class SharedRingTests
{
    private const int Capacity = 8192;

    [Fact]
    public void Payloads_of_any_length_come_out_in_order_and_as_they_were_however_often_they_go_round()
    {
        using SharedRing listener = Made(), sender = Opened(listener);
        var left = new Queue<byte[]>();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<ushort, bool>((length, takes) =>
        {
            byte[] payload = Bytes((length % Capacity) + 1);
            if (sender.TryWrite(payload)) left.Enqueue(payload);
            else Assert.NotEmpty(left);
            return !takes || left.Count == 0 || IsNext(listener, left.Dequeue());
        }));
        while (left.Count > 0) Assert.True(IsNext(listener, left.Dequeue()));
    }

    [Fact]
    public void What_does_not_fit_is_refused_whole_and_fits_when_enough_was_taken_or_passed_over()
    {
        using SharedRing listener = Made(), sender = Opened(listener);
        byte[] half = Bytes(Capacity / 2);
        Assert.True(sender.HasRoom(Capacity));
        Assert.True(sender.TryWrite(half));
        Assert.True(sender.TryWrite(half));
        Assert.False(sender.HasRoom(1));
        Assert.False(sender.TryWrite([1]));
        listener.Skip(half.Length);
        Assert.True(sender.TryWrite(half));
        Assert.False(sender.TryWrite([1]));
        Assert.True(IsNext(listener, half));
        Assert.True(sender.TryWrite([1]));
        Assert.True(IsNext(listener, half));
        Assert.True(IsNext(listener, [1]));
        Assert.False(sender.TryWrite(new byte[Capacity + 1]));
        Assert.Throws<ExchangeException>(() => listener.Read(new byte[Capacity + 1]));
    }

    [Fact]
    public void Nobody_can_cut_it_off_or_make_it_longer()
    {
        using SharedRing listener = Made();
        string[] words = listener.Address.Split(' ');
        using var memory = new FileStream($"/proc/{words[0]}/fd/{words[1]}", FileMode.Open, FileAccess.ReadWrite);
        long length = memory.Length;
        Assert.ThrowsAny<Exception>(() => memory.SetLength(0));
        Assert.ThrowsAny<Exception>(() => memory.SetLength(2 * length));
        Assert.Equal(length, memory.Length);
    }

    [Fact]
    public void An_address_that_leads_to_anything_else_opens_nothing_and_holds_nobody()
    {
        using SharedRing listener = Made();
        string[] words = listener.Address.Split(' ');
        using var folder = new TemporaryFiles();
        string pipe = folder.Pipe(), file = folder.Empty();
        using var read = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        foreach (string address in (string[])["", "1", "1 2", $"{words[0]} {words[1]}", $"{words[0]} {words[1]} {words[2]} 4",
            $"{words[0]} {words[1]} {new string('a', 32)}", $"{words[0]} {words[1]} {words[2][..31]}", $"{words[0]} -1 {words[2]}",
            $"{words[0]} {read.SafeFileHandle.DangerousGetHandle()} {words[2]}", $"{words[0]} 99999999999 {words[2]}",
            $"../../{folder.Path} 1 {words[2]}", $"{pipe} {words[1]} {words[2]}", $"1 0 {words[2]}"])
            Assert.Null(SharedRing.TryOpen(address));
        Assert.NotNull(SharedRing.TryOpen(listener.Address));
    }

    [Fact]
    public void It_is_gone_with_the_listener_and_left_nothing()
    {
        SharedRing listener = Made();
        string address = listener.Address;
        using SharedRing sender = Opened(listener);
        listener.Dispose();
        Assert.Null(SharedRing.TryOpen(address));
        Assert.True(sender.TryWrite([1, 2, 3]));
        Assert.Empty(Directory.GetFiles("/dev/shm", "vaecluster-*"));
    }

    [Fact]
    public void Without_a_capacity_there_is_none() => Assert.Null(SharedRing.TryCreate(0));

    private static SharedRing Made()
    {
        SharedRing? ring = SharedRing.TryCreate(Capacity);
        Assert.True(ring is not null, "no shared memory is there, or it is full");
        return ring;
    }

    private static SharedRing Opened(SharedRing ring) => SharedRing.TryOpen(ring.Address)!;

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static bool IsNext(SharedRing listener, byte[] payload)
    {
        var got = new byte[payload.Length];
        listener.Read(got);
        return got.AsSpan().SequenceEqual(payload);
    }
}
