using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VaeCluster.Distributed.Messages;

/// <summary>What a silo needs to take part in a run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Spec">The resolved run file.</param>
/// <param name="Fingerprint">The training data by its content, see <see cref="Data.IDataset.Fingerprint"/>.</param>
public sealed record RunTicket(string Id, string Spec, string Fingerprint)
{
    /// <summary>The run's number in tensor headers.</summary>
    public ulong Key { get; } = KeyOf(Id);

    /// <summary>The number of a run in tensor headers: the head of its id's SHA-256.</summary>
    /// <param name="id">The run.</param>
    public static ulong KeyOf(string id) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
