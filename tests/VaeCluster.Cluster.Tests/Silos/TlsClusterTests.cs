using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>TLS between silos, for messages and for tensors.</summary>
[Collection(PostgresServer.Shared)]
[Trait("Duration", "long")]
public sealed class TlsClusterTests
{
    [Fact]
    public async Task Silos_with_certificates_of_one_authority_share_a_run_and_others_are_rejected()
    {
        using var cluster = SiloCluster.Standalone();
        string[] ours = Write(cluster.Folder, "ours"), theirs = Write(cluster.Folder, "theirs");
        await cluster.AddAsync(ours);
        await cluster.AddAsync(ours);
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 10));
        await cluster.StepAsync(run, 50);
        if (OperatingSystem.IsLinux()) Assert.All(cluster.Silos, silo => Assert.Empty(silo.SharedMemories));
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 10), await cluster.FinishAsync(run));

        SiloProcess stranger = cluster.Add(theirs);
        ProgramResult end = await stranger.EndAsync();
        Assert.True(end.ExitCode != 0, "a stranger cannot join");
        Assert.DoesNotContain("listening on", end.Output, StringComparison.Ordinal);
        Assert.Contains("error: ", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Silos.Take(2), silo => silo.HasExited);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string[] ours = Write(folder, "ours"), theirs = Write(folder, "theirs");
        (await SiloProcess.RunAsync(folder.Path, ["--standalone", .. ours[..5], theirs[5]])).Refused("--certificate", "that is signed by");
    }

    // Creates an authority, and a certificate and key signed by it.
    private static string[] Write(TemporaryFolder folder, string name)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), to = from.AddDays(30);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest($"CN={name} authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = authority.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.Create(root, from, to, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(folder[$"{name}-ca.pem"], root.ExportCertificatePem());
        File.WriteAllText(folder[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder[$"{name}-key.pem"], key.ExportPkcs8PrivateKeyPem());
        return
        [
            "--certificate", folder[$"{name}.pem"],
            "--certificate-key", folder[$"{name}-key.pem"],
            "--certificate-authority", folder[$"{name}-ca.pem"],
        ];
    }
}
