using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VaeCluster.Core;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Security;

/// <summary>
/// Mutual TLS between silos: a peer is trusted if and only if the cluster's own authority has signed its certificate, and, where a peer
/// name is set, the certificate is for that name. Silos come and go at addresses that are not known beforehand, so the name is one that
/// all of them share. Revocation lists are not asked: a certificate is withdrawn by renewing the authority. The next connection uses a
/// renewed certificate.
/// </summary>
internal sealed class PeerCertificates
{
    private readonly Lock _lock = new();
    private readonly CertificateFiles _files;
    private readonly X509Certificate2Collection _authorities = [];
    private X509Certificate2 _certificate;
    private DateTime _written;

    /// <summary>Reads the files.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="BadInputException">A file cannot be used, or certificate, key and authority do not belong together.</exception>
    internal PeerCertificates(CertificateFiles files)
    {
        _files = files;
        Read("--certificate-authority", files.Authority, () => _authorities.ImportFromPemFile(files.Authority));
        if (_authorities.Count == 0)
            throw new BadInputException("--certificate-authority", null, files.Authority, "a file with a certificate in PEM");
        _certificate = Read("--certificate", files.Certificate, Load);
        _written = Written();
        if (IsTrusted(_certificate)) return;
        string name = files.PeerName is { } wanted ? $" and for the name {wanted}" : string.Empty;
        string allowed = $"a certificate that is signed by {files.Authority} and valid now{name}";
        throw new BadInputException("--certificate", null, files.Certificate, allowed);
    }

    /// <summary>This silo's certificate.</summary>
    internal X509Certificate2 Own
    {
        get
        {
            lock (_lock)
            {
                DateTime written = Written();
                if (written == _written) return _certificate;
                try
                {
                    _certificate = Load();
                    _written = written;
                }
                catch (Exception fault) when (fault is CryptographicException or IOException)
                {
                    // Certificate and key are two files, and only one has been renewed so far. The next connection tries again.
                }

                return _certificate;
            }
        }
    }

    /// <summary>Whether the cluster's authority has signed a peer's certificate, for the peer name where one is set.</summary>
    /// <param name="certificate">The certificate; null if the peer sent none.</param>
    internal bool IsTrusted(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 given) return false;
        if (_files.PeerName is { } name && !given.MatchesHostname(name, allowCommonName: false)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(given);
    }

    /// <summary>TLS options for accepting connections.</summary>
    internal SslServerAuthenticationOptions AsServer() => new()
    {
        ServerCertificate = Own,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate),
    };

    /// <summary>TLS options for opening connections.</summary>
    /// <param name="host">The peer's host.</param>
    internal SslClientAuthenticationOptions AsClient(string host) => new()
    {
        TargetHost = host,
        ClientCertificates = [Own],
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate),
    };

    // A file of a mounted Kubernetes Secret is a link into a folder that is itself a link, and renewal changes only the latter.
    private DateTime Written()
    {
        try
        {
            return (File.ResolveLinkTarget(_files.Certificate, returnFinalTarget: true) ?? new FileInfo(_files.Certificate))
                .LastWriteTimeUtc;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return _written;
        }
    }

    private X509Certificate2 Load()
    {
        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key);
        if (!OperatingSystem.IsWindows()) return certificate;

        // TLS on Windows does not accept a key that exists only in memory.
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static T Read<T>(string option, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(option, null, file, $"a readable PEM file ({fault.Message})", fault);
        }
    }

    private static void Read(string option, string file, Action read) => Read(option, file, () =>
    {
        read();
        return true;
    });
}
