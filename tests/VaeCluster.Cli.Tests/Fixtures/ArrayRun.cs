using System.Text;

namespace VaeCluster.Cli.Tests.Fixtures;

/// <summary>A tiny run on 120 grey images in an npy file of its own, trained once for all tests of a class.</summary>
public sealed class ArrayRun : IAsyncLifetime
{
    internal const int Height = 12, Width = 10, Count = 120;

    private readonly TempFolder _folder = new();

    /// <summary>The folder of the run on the machine where it was trained.</summary>
    internal string Run => _folder["clone/runs/run"];

    /// <summary>What training printed.</summary>
    internal Terminal Training { get; private set; } = new(-1, string.Empty, string.Empty);

    internal string this[string name] => _folder[name];

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder["clone"]);
        WriteNpy(_folder["clone/c.npy"], Count, Height, Width);
        await File.WriteAllTextAsync(_folder["clone/run.yaml"],
            """
            name: tiny
            data:       { dataset: npy, path: c.npy, validation: 0.25 }
            model:      { architecture: mlp, hidden: [16], latent: 2 }
            training:   { epochs: 2, batch: 8, shards: 2 }
            checkpoint: { everySteps: 4, keep: 2 }
            """);
        Training = await Terminal.RunAsync("train", _folder["clone/run.yaml"], "--out", Run);
        Assert.True(Training.Code == 0, Training.Error);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Copies the run to another place, and names data in its run file that is not there.</summary>
    /// <param name="name">The place.</param>
    internal string Move(string name)
    {
        string target = _folder[name];
        foreach (string file in Directory.EnumerateFiles(Run, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string spec = Path.Combine(target, "run.yaml");
        File.WriteAllText(spec, File.ReadAllText(spec).Replace(_folder["clone/c.npy"], "/gone/c.npy", StringComparison.Ordinal));
        return target;
    }

    /// <summary>Writes an array of bytes with every grey from 0 to 255.</summary>
    internal static void WriteNpy(string path, params int[] shape)
    {
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}".PadRight(117) + "\n";
        int length = shape.Aggregate(1, (product, size) => product * size);
        File.WriteAllBytes(path,
        [
            0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
            .. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + (i / 120 * 31))),
        ]);
    }
}
