using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core;

namespace VaeCluster.Exchange;

/// <summary>
/// What the silos of a cluster know and nobody else: two peers prove to each other that they hold it, and neither sends it. Each proof is
/// an HMAC-SHA256 over who proves, what was said before, and a number that the other side has just drawn, so that no proof can be used
/// twice.
/// </summary>
public sealed class ClusterSecret
{
    /// <summary>Bytes of a proof.</summary>
    public const int ProofSize = HMACSHA256.HashSizeInBytes;

    /// <summary>Bytes of the number that a peer draws for each connection.</summary>
    public const int NonceSize = 32;

    /// <summary>Fewest characters of a secret, since proofs can be collected and a short secret guessed from them.</summary>
    public const int ShortestText = 32;

    private const int LongestFile = 4096;

    private readonly byte[] _key;

    /// <summary>A secret from its text.</summary>
    /// <param name="text">At least <see cref="ShortestText"/> characters; white space around them does not count.</param>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public ClusterSecret(string text)
    {
        text = text.Trim();
        if (text.Length < ShortestText) throw new ArgumentException($"a cluster's secret has at least {ShortestText} characters");
        _key = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Reads a secret from a file.</summary>
    /// <param name="path">A file with the secret's text and nothing else.</param>
    /// <param name="source">The option that names the file, for the message.</param>
    /// <exception cref="BadInputException">The file cannot be read, or the secret is too short.</exception>
    public static ClusterSecret ReadFile(string path, string source) => new(ReadText(path, source));

    /// <summary>Reads the text of a secret from a file.</summary>
    /// <param name="path">See <see cref="ReadFile"/>.</param>
    /// <param name="source">See <see cref="ReadFile"/>.</param>
    /// <exception cref="BadInputException">See <see cref="ReadFile"/>.</exception>
    public static string ReadText(string path, string source)
    {
        var allowed = FormattableString.Invariant($"a readable file with a secret of at least {ShortestText} characters");
        try
        {
            if (RegularFile.WhyNot(path) is not null || !File.Exists(path) || new FileInfo(path).Length is 0 or > LongestFile)
                throw new BadInputException(source, null, path, allowed);
            string text = File.ReadAllText(path).Trim();
            return text.Length >= ShortestText ? text : throw new BadInputException(source, null, path, allowed);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(source, null, path, allowed, fault);
        }
    }

    /// <summary>The text of a new secret: 64 hexadecimal digits.</summary>
    public static string NewText() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>A number for one connection.</summary>
    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceSize);

    /// <summary>Proves that this side holds the secret.</summary>
    /// <param name="role">Which side of which protocol this is; no two sides have the same.</param>
    /// <param name="said">What was said before.</param>
    /// <param name="nonce">The number that the other side has drawn.</param>
    public byte[] Prove(string role, ReadOnlySpan<byte> said, ReadOnlySpan<byte> nonce)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(role)));
        hash.AppendData(SHA256.HashData(said));
        hash.AppendData(nonce);
        return hash.GetHashAndReset();
    }

    /// <summary>Whether the other side holds the secret.</summary>
    /// <param name="proof">Its proof.</param>
    /// <param name="role">The other side.</param>
    /// <param name="said">What was said before.</param>
    /// <param name="nonce">The number that this side has drawn.</param>
    public bool Holds(ReadOnlySpan<byte> proof, string role, ReadOnlySpan<byte> said, ReadOnlySpan<byte> nonce) =>
        CryptographicOperations.FixedTimeEquals(proof, Prove(role, said, nonce));

    /// <summary>Says what it is, never the secret.</summary>
    public override string ToString() => "a cluster's secret";
}
