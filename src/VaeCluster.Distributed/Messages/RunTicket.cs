using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans;

namespace VaeCluster.Distributed.Messages;

/// <summary>What a silo needs to take part in a run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Spec">The resolved run file.</param>
/// <param name="Fingerprint">The training data by its content, see <see cref="Data.IDataset.Fingerprint"/>.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RunTicket")]
public sealed record RunTicket([Id(0)] string Id, [Id(1)] string Spec, [Id(2)] string Fingerprint)
{
    /// <summary>The run's number in tensor headers.</summary>
    public ulong Key => KeyOf(Id);

    /// <summary>The number of a run in tensor headers: the head of its id's SHA-256.</summary>
    /// <param name="id">The run.</param>
    public static ulong KeyOf(string id)
    {
        // Asked for with every tensor, so nothing is allocated for the usual short id.
        const int Short = 256;
        int length = Encoding.UTF8.GetByteCount(id);
        Span<byte> utf8 = length <= Short ? stackalloc byte[Short] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(id, utf8)], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
