using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Silo.Options;
using VaeCluster.Silo.Security;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>A running silo uses a renewed certificate.</summary>
public sealed class PeerCertificatesTests
{
    [RequiresFact(Requirement.PosixShell)]
    public void A_renewed_Kubernetes_Secret_is_used()
    {
        using var folder = new TemporaryFolder();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

        // As the kubelet mounts it: file names link into ..data, which links to the folder of one version.
        Write(root, folder["..1"], "first");
        Directory.CreateSymbolicLink(folder["..data"], "..1");
        foreach (string name in new[] { "tls.crt", "tls.key", "ca.crt" }) File.CreateSymbolicLink(folder[name], $"..data/{name}");
        var certificates = new PeerCertificates(new CertificateFiles(folder["tls.crt"], folder["tls.key"], folder["ca.crt"]));
        Assert.Equal("CN=first", certificates.Own.Subject);

        Write(root, folder["..2"], "second");
        Directory.Delete(folder["..data"]);
        Directory.CreateSymbolicLink(folder["..data"], "..2");
        Assert.Equal("CN=second", certificates.Own.Subject);
    }

    [Theory]
    [InlineData("silo.vaecluster", true)]
    [InlineData("SILO.vaecluster", true)]
    [InlineData("other.vaecluster", false)]
    [InlineData("first", false)]
    public void With_a_peer_name_only_certificates_for_it_are_trusted(string wanted, bool trusted)
    {
        using var folder = new TemporaryFolder();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        Write(root, folder.Path, "first", "silo.vaecluster");
        var files = new CertificateFiles(folder["tls.crt"], folder["tls.key"], folder["ca.crt"], wanted);
        if (trusted) Assert.True(new PeerCertificates(files).IsTrusted(X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate))));
        else Assert.Contains($"for the name {wanted}", Assert.Throws<BadInputException>(() => new PeerCertificates(files)).Message,
            StringComparison.Ordinal);
    }

    private static void Write(X509Certificate2 root, string folder, string name, string? dns = null)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dns is not null)
        {
            names.AddDnsName(dns);
            request.CertificateExtensions.Add(names.Build());
        }

        using X509Certificate2 certificate = request.Create(root, root.NotBefore, root.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.crt"), root.ExportCertificatePem());

        // Versions are distinguished by their time of writing.
        if (name == "first") File.SetLastWriteTimeUtc(Path.Combine(folder, "tls.crt"), DateTime.UtcNow.AddHours(-1));
    }
}
