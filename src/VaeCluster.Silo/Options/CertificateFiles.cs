namespace VaeCluster.Silo.Options;

/// <summary>PEM files for TLS between silos.</summary>
/// <param name="Certificate">The silo's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The authority that must have signed every silo's certificate.</param>
/// <param name="PeerName">The DNS name that every silo's certificate must be for; null: any.</param>
internal sealed record CertificateFiles(string Certificate, string Key, string Authority, string? PeerName = null);
