using System.Buffers.Binary;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Small data that the tests make: blurred bars as IDX files, and run files for them.</summary>
public static class SmallData
{
    public const int Size = 12;

    public static void WriteIdx(string path, int count, int size = Size) => WriteIdx(path, count, size, size);

    /// <summary>Images of any size; with more than one channel the file has a fourth dimension.</summary>
    public static void WriteIdx(string path, int count, int height, int width, int channels = 1)
    {
        int[] sizes = channels == 1 ? [count, height, width] : [count, height, width, channels];
        using FileStream stream = File.Create(path);
        Span<byte> number = stackalloc byte[4];
        foreach (int value in (int[])[0x800 + sizes.Length, .. sizes])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            stream.Write(number);
        }

        for (int i = 0; i < count; i++)
        {
            for (int pixel = 0; pixel < height * width; pixel++)
            {
                int distance = Math.Abs((pixel % width) - (i * 7 % width))
                    + (i % 3 == 0 ? Math.Abs((pixel / width) - (i * 5 % height)) : 0);
                for (int channel = 0; channel < channels; channel++)
                    stream.WriteByte((byte)Math.Max(0, 255 - ((90 + (40 * channel)) * distance)));
            }
        }
    }

    /// <summary>A run of 8 shards over 480 images, with weights enough for four blocks; returns the path of its run file.</summary>
    public static string WriteRun(TemporaryFolder folder, int epochs = 2, string likelihood = "bernoulli", string extra = "")
    {
        WriteIdx(folder["images.idx"], 480);
        string run = folder["run.yaml"];
        File.WriteAllText(run, $$"""
            name: bars
            data:       { dataset: idx, path: images.idx, validation: 0.1, binarize: dynamic }
            model:      { architecture: mlp, hidden: [200], latent: 4, likelihood: {{likelihood}} }
            objective:  { kind: beta-vae, beta: 2, schedule: { kind: linear, steps: 20 } }
            training:   { epochs: {{epochs}}, batch: 32, shards: 8, optimizer: adam, learningRate: 0.003, clipNorm: 100, seed: 5 }
            checkpoint: { everySteps: 5, keep: 2 }
            {{extra}}
            """);
        return run;
    }
}
