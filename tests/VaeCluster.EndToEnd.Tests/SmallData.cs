using System.Buffers.Binary;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Small data that the tests make: blurred bars as IDX files, and run files for them.</summary>
public static class SmallData
{
    public const int Size = 12;

    public static void WriteIdx(string path, int count, int size = Size)
    {
        using FileStream stream = File.Create(path);
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteInt32BigEndian(header, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], count);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], size);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], size);
        stream.Write(header);
        for (int i = 0; i < count; i++)
        {
            for (int pixel = 0; pixel < size * size; pixel++)
            {
                int distance = Math.Abs((pixel % size) - (i * 7 % size)) + (i % 3 == 0 ? Math.Abs((pixel / size) - (i * 5 % size)) : 0);
                stream.WriteByte((byte)Math.Max(0, 255 - (90 * distance)));
            }
        }
    }

    /// <summary>A run of 8 shards over 480 images; returns the path of its run file.</summary>
    public static string WriteRun(TemporaryFolder folder, int epochs = 2, string likelihood = "bernoulli", string extra = "")
    {
        WriteIdx(folder["images.idx"], 480);
        string run = folder["run.yaml"];
        File.WriteAllText(run, $$"""
            name: bars
            data:       { dataset: idx, path: images.idx, validation: 0.1, binarize: dynamic }
            model:      { architecture: mlp, hidden: [32], latent: 4, likelihood: {{likelihood}} }
            objective:  { kind: beta-vae, beta: 2, schedule: { kind: linear, steps: 20 } }
            training:   { epochs: {{epochs}}, batch: 32, shards: 8, optimizer: adam, learningRate: 0.003, clipNorm: 100, seed: 5 }
            checkpoint: { everySteps: 5, keep: 2 }
            {{extra}}
            """);
        return run;
    }
}
