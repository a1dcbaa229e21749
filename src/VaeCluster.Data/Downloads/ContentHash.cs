using System.Security.Cryptography;

namespace VaeCluster.Data.Downloads;

/// <summary>What a file must be, as somebody has published it.</summary>
/// <param name="Algorithm">SHA-256, or MD5 where nothing better is published.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
/// <param name="OfServed">Whether it is of the bytes that are served; false: of those that the file has once it is unpacked.</param>
public sealed record ContentHash(HashAlgorithmName Algorithm, string Hex, bool OfServed)
{
    /// <summary>SHA-256 of the unpacked bytes.</summary>
    /// <param name="hex">64 lower-case hexadecimal digits.</param>
    public static ContentHash Sha256(string hex) => new(HashAlgorithmName.SHA256, hex, OfServed: false);

    /// <summary>SHA-256 of the packed bytes, where only these have been published.</summary>
    /// <param name="hex">64 lower-case hexadecimal digits.</param>
    public static ContentHash Sha256OfServed(string hex) => new(HashAlgorithmName.SHA256, hex, OfServed: true);

    /// <summary>MD5, where only that has been published: it finds accidents, not forgeries.</summary>
    /// <param name="hex">32 lower-case hexadecimal digits.</param>
    public static ContentHash Md5(string hex) => new(HashAlgorithmName.MD5, hex, OfServed: false);

    /// <summary>The name as people write it.</summary>
    public string Name => Algorithm == HashAlgorithmName.SHA256 ? "SHA-256" : Algorithm.Name!;
}
