using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>What training on data of MNIST's size takes of a laptop's memory.</summary>
public sealed class MemoryTests
{
    private const int PeakMegabytes = 300;

    [RequiresFact(Requirement.Procfs)]
    public void Training_on_sixty_thousand_images_peaks_below_300_megabytes()
    {
        using var folder = new TemporaryFolder();
        foreach ((string split, int count) in new[] { ("train", 60_000), ("t10k", 10_000) })
        {
            WriteGzip(folder[$"{split}-images-idx3-ubyte.gz"], [count, 28, 28]);
            WriteGzip(folder[$"{split}-labels-idx1-ubyte.gz"], [count]);
        }

        File.WriteAllText(folder["run.yaml"], """
            data:       { dataset: mnist, path: ., validation: 0.5 }
            model:      { architecture: mlp, hidden: [400], latent: 20, likelihood: bernoulli }
            training:   { epochs: 1, batch: 128, shards: 4 }
            checkpoint: { everySteps: 50 }
            evaluation: { limit: 2000 }
            """);
        using VaeClusterProcess process = VaeClusterProcess.Start(
            folder.Path, new Dictionary<string, string>(), "train", "run.yaml", "--out", "run", "--workers", "2");
        long peak = 0;
        while (!process.HasExitedWithin(TimeSpan.FromMilliseconds(20))) peak = Math.Max(peak, PeakOf(process.Id));
        process.Wait().Succeeded();
        Assert.Equal(234, RunFiles.Steps(folder["run"]).Count);
        Assert.InRange(peak / 1024, 60, PeakMegabytes);
    }

    // VmHWM is the largest resident size so far, in kB; it is gone with the process, so it is asked for until then.
    private static long PeakOf(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal), "VmHWM: 0 kB");
            return long.Parse(line.Split(' ', '\t')[^2], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    // Blobs that move: something to learn, and quick to pack.
    private static void WriteGzip(string path, int[] sizes)
    {
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        Span<byte> number = stackalloc byte[4];
        foreach (int value in (int[])[0x800 + sizes.Length, .. sizes])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            stream.Write(number);
        }

        var item = new byte[sizes.Skip(1).Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < sizes[0]; i++)
        {
            for (int at = 0; at < item.Length; at++)
            {
                int across = (at % 28) - (i % 28), down = (at / 28) - (i / 28 % 28);
                item[at] = (byte)Math.Max(0, 255 - (8 * ((across * across) + (down * down))));
            }

            if (item.Length == 1) item[0] = (byte)(i % 10);
            stream.Write(item);
        }
    }
}
