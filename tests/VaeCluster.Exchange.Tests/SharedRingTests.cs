using FsCheck.Fluent;

namespace VaeCluster.Exchange.Tests;

public sealed class SharedRingTests
{
    private const int Capacity = 8192;

    [Fact]
    public void Payloads_of_any_length_come_out_in_order_and_as_they_were_however_often_they_go_round()
    {
        using SharedRing sender = Made(), listener = Opened(sender);
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
        using SharedRing sender = Made(), listener = Opened(sender);
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
    public void It_has_no_name_any_more_and_goes_on_when_the_sender_has_taken_it_away()
    {
        using SharedRing sender = Made(), listener = SharedRing.TryOpen(sender.Token)!;
        Assert.True(File.Exists(SharedRing.PathOf(sender.Token)));
        sender.Unlink();
        Assert.False(File.Exists(SharedRing.PathOf(sender.Token)));
        Assert.Null(SharedRing.TryOpen(sender.Token));
        Assert.True(sender.TryWrite([1, 2, 3]));
        Assert.True(IsNext(listener, [1, 2, 3]));
    }

    [Fact]
    public void Only_its_user_may_open_it()
    {
        using SharedRing sender = Made();
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SharedRing.PathOf(sender.Token)));
        sender.Unlink();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("../../etc/passwd0000000000000000")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void A_token_that_is_none_or_of_nothing_opens_nothing(string token) => Assert.Null(SharedRing.TryOpen(token));

    [Fact]
    public void A_file_that_does_not_hold_its_token_is_not_taken()
    {
        string token = new('a', SharedRing.TokenLength);
        try
        {
            File.WriteAllBytes(SharedRing.PathOf(token), []);
            Assert.Null(SharedRing.TryOpen(token));
            File.WriteAllBytes(SharedRing.PathOf(token), new byte[3 * 4096]);
            Assert.Null(SharedRing.TryOpen(token));
        }
        finally
        {
            File.Delete(SharedRing.PathOf(token));
        }
    }

    [Fact]
    public void Without_a_capacity_there_is_none() => Assert.Null(SharedRing.TryCreate(0));

    private static SharedRing Made()
    {
        SharedRing? ring = SharedRing.TryCreate(Capacity);
        Assert.True(ring is not null, "no shared memory is there, or it is full");
        return ring;
    }

    private static SharedRing Opened(SharedRing ring)
    {
        SharedRing opened = SharedRing.TryOpen(ring.Token)!;
        ring.Unlink();
        return opened;
    }

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
