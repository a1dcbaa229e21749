using System.Buffers.Binary;

namespace VaeCluster.Server.Tests.Fixtures;

/// <summary>Forty images of bars as an IDX file, and a run of four steps on them.</summary>
internal static class SmallIdx
{
    private const int Count = 40, Size = 6;

    internal static void Write(string path)
    {
        using FileStream stream = File.Create(path);
        Span<byte> number = stackalloc byte[4];
        foreach (int value in (int[])[0x803, Count, Size, Size])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            stream.Write(number);
        }

        for (int i = 0; i < Count; i++)
            for (int pixel = 0; pixel < Size * Size; pixel++) stream.WriteByte((byte)(pixel % Size == i % Size ? 255 : 0));
    }

    internal static string Run(string path) =>
        $$"""
        name: bars
        data:     { dataset: idx, path: '{{path}}' }
        model:    { architecture: mlp, hidden: [4], latent: 2, likelihood: bernoulli }
        training: { epochs: 1, batch: 8, shards: 1, seed: 1 }
        """;
}
