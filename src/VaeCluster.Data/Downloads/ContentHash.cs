using System.Security.Cryptography;

namespace VaeCluster.Data.Downloads;

/// <summary>The published hash of a file.</summary>
/// <param name="Algorithm">SHA-256, or MD5 if nothing better is published.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
/// <param name="OfServed">Whether it is the hash of the bytes as served (compressed); false: of the unpacked file.</param>
public sealed record ContentHash(HashAlgorithmName Algorithm, string Hex, bool OfServed)
{
    /// <summary>SHA-256 of the unpacked bytes.</summary>
    /// <param name="hex">64 lower-case hexadecimal digits.</param>
    public static ContentHash Sha256(string hex) => new(HashAlgorithmName.SHA256, hex, OfServed: false);

    /// <summary>SHA-256 of the compressed bytes, for files for which only this has been published.</summary>
    /// <param name="hex">64 lower-case hexadecimal digits.</param>
    public static ContentHash Sha256OfServed(string hex) => new(HashAlgorithmName.SHA256, hex, OfServed: true);

    /// <summary>MD5 of the unpacked bytes, for files for which only this has been published: it detects accidents, not forgeries.</summary>
    /// <param name="hex">32 lower-case hexadecimal digits.</param>
    public static ContentHash Md5(string hex) => new(HashAlgorithmName.MD5, hex, OfServed: false);

    /// <summary>The algorithm's name for display.</summary>
    public string Name => Algorithm == HashAlgorithmName.SHA256 ? "SHA-256" : Algorithm.Name!;
}
