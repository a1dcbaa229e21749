namespace VaeCluster.Exchange.Tests;

public sealed class TensorPeersTests
{
    [Fact]
    public void A_peer_has_one_sender_until_the_end()
    {
        using var silo = new TestSilo();
        using var peers = new TensorPeers(silo.Options);
        string address = $"localhost:{silo.Listener.EndPoint.Port}";
        TensorSender first = peers.To(address);
        Assert.Same(first, peers.To(address));
        Assert.Null(TestSilo.Send(first, new TensorHeader { Kind = TensorKind.Weights }, [1]));
        peers.Dispose();
        Assert.Equal("silo-1", silo.Inbox.NextClosed());
        Assert.Throws<ObjectDisposedException>(() => peers.To(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":1")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("::1:5")]
    [InlineData("[]:5")]
    public void What_is_not_host_and_port_is_refused(string address)
    {
        using var peers = new TensorPeers(new ExchangeOptions
        {
            Secret = TestSilo.Secret,
            ClusterId = "c",
            Name = "n",
        });
        ArgumentException fault = Assert.Throws<ArgumentException>(() => peers.To(address));
        Assert.Contains($"'{address}' is not host:port", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_do_not_fit_the_handshake_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ExchangeOptions
        {
            Secret = TestSilo.Secret,
            ClusterId = "",
            Name = "n",
        });
        Assert.Throws<ArgumentException>(() => new ExchangeOptions
        {
            Secret = TestSilo.Secret,
            ClusterId = "c",
            Name = new string('é', 129),
        });
    }
}
