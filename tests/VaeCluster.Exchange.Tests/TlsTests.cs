using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VaeCluster.Exchange.Tests;

public sealed class TlsTests : IDisposable
{
    private static readonly TensorHeader Header = new() { Kind = TensorKind.Snapshot };

    private readonly X509Certificate2 _certificate = Make("a silo");
    private readonly X509Certificate2 _stranger = Make("a stranger");

    public void Dispose()
    {
        _certificate.Dispose();
        _stranger.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Tensors_arrive_over_mutual_TLS_one_after_the_other_on_one_connection(SslProtocols protocol)
    {
        var peers = new HashSet<TensorConnection>();
        using var silo = new TestSilo(
            new Inbox { OnReceived = (from, _) => peers.Add(from) },
            options => Secure(options, _certificate) with { ServerTls = () => Server(protocol) });
        TensorSender sender = silo.Sender();
        for (int step = 1; step <= 3; step++)
        {
            float[] data = TestSilo.Numbers(700_001, (uint)step);
            Assert.Null(TestSilo.Send(sender, Header with { Step = step }, data));
            Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
        }

        Assert.Single(peers);
    }

    [Fact]
    public void A_sender_with_another_certificate_or_without_TLS_gets_nothing_through()
    {
        using var silo = new TestSilo(change: options => Secure(options, _certificate));
        TensorSender stranger = silo.Sender(change: options => Secure(options, _stranger));
        Assert.IsType<ExchangeException>(TestSilo.Send(stranger, Header, TestSilo.Numbers(5_000_000)));
        Assert.IsType<ExchangeException>(TestSilo.Send(silo.Sender(change: options => options with { ClientTls = null }), Header, [1]));
        Assert.Equal(0, silo.Inbox.Asked);
        Assert.Null(TestSilo.Send(silo.Sender(), Header, [1]));
        Assert.Equal([1f], silo.Inbox.Whole());
    }

    [Fact]
    public void A_sender_does_not_speak_to_a_listener_whose_certificate_it_does_not_know()
    {
        using var silo = new TestSilo(change: options => Secure(options, _certificate) with
        {
            ServerTls = () => new SslServerAuthenticationOptions { ServerCertificate = _stranger },
        });
        Exception? fault = TestSilo.Send(silo.Sender(), Header, [1]);
        Assert.Contains("certificate", Assert.IsType<ExchangeException>(fault).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void After_a_listener_came_back_TLS_is_agreed_on_anew()
    {
        using var silo = new TestSilo(change: options => Secure(options, _certificate));
        TensorSender sender = silo.Sender();
        Assert.Null(TestSilo.Send(sender, Header, [1]));
        silo.Inbox.Next();
        int port = silo.Listener.EndPoint.Port;
        silo.Listener.Dispose();
        silo.Listen(port);
        Assert.Null(TestSilo.Send(sender, Header with { Step = 2 }, [2]));
        Assert.Equal([2f], silo.Inbox.Whole());
    }

    private ExchangeOptions Secure(ExchangeOptions options, X509Certificate2 own) => options with
    {
        ServerTls = () => Server(SslProtocols.None),
        ClientTls = host => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificates = [own],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own,
            RemoteCertificateValidationCallback = IsOurs,
        },
    };

    private SslServerAuthenticationOptions Server(SslProtocols protocol) => new()
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = true,
        EnabledSslProtocols = protocol,
        RemoteCertificateValidationCallback = IsOurs,
    };

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == _certificate.GetCertHashString();

    private static X509Certificate2 Make(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
