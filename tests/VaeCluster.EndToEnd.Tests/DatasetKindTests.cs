using System.IO.Compression;
using System.Text;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>The promises hold on every kind of data that is read from files: the same weights, in memory and not, and through kill
/// -9.</summary>
public sealed class DatasetKindTests : IDisposable
{
    private const int Count = 160, Side = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Kinds =>
    [
        ["npy", "{ dataset: npy, path: images.npy, validation: 0.1 }"],
        ["npz", "{ dataset: npz, path: images.npz, validation: 0.1, binarize: dynamic }"],
        ["images", "{ dataset: images, path: pictures, size: [12, 12], validation: 0.1 }"],
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_number_of_workers_and_any_place_of_the_data_give_the_same_weights(string kind, string data)
    {
        WriteData();
        string expected = Train("one", data, "--workers", "1", "--threads", "1");
        Assert.Equal(expected, Train("eight", data, "--workers", "8", "--threads", "2", "--ranges", "2"));
        // One thread leaves a core for reading ahead.
        Assert.Equal(expected, Train("file", data, "--workers", "2", "--threads", "1", "--set", "data.inMemory=false"));
        // What npz and images need beside their files is in the cache that they were told of, and nowhere else.
        Assert.Equal(kind is not "npy", Directory.Exists(_folder["cache"]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Killed_runs_end_in_the_same_weights(string kind, string data)
    {
        Assert.NotEmpty(kind);
        WriteData();
        string[] longer = ["--set", "training.epochs=150", "--set", "checkpoint.everySteps=100"];
        string expected = Train("whole", data, ["--workers", "2", .. longer]);
        WriteRun("killed.yaml", data);
        using (VaeClusterProcess process = VaeClusterProcess.Start(
            _folder.Path, Environment, ["train", "killed.yaml", "--out", "killed", "--workers", "3", "--set", "data.inMemory=false",
            .. longer]))
        {
            while (!Directory.Exists(_folder["killed", "checkpoints"])
                || Directory.GetDirectories(_folder["killed", "checkpoints"], "step-*").Length == 0)
                Assert.False(process.HasExitedWithin(TimeSpan.FromMilliseconds(5)), "the run ended before it could be killed");
            process.Kill();
            process.Wait();
        }

        Assert.False(File.Exists(_folder["killed", "result.json"]));
        VaeClusterProcess.Run(_folder.Path, Environment, "resume", "killed", "--workers", "1").Succeeded();
        Assert.Equal(expected, RunFiles.Sha256(_folder["killed"]));
        Assert.Equal(Enumerable.Range(1, 150 * 9), RunFiles.Steps(_folder["killed"]));
    }

    [Fact]
    public void The_same_images_in_other_formats_give_the_same_weights()
    {
        WriteData();
        string expected = Train("npy", "{ dataset: npy, path: images.npy }");
        Assert.Equal(expected, Train("npz", "{ dataset: npz, path: images.npz }"));
        Assert.Equal(expected, Train("images", "{ dataset: images, path: pictures }"));
        SmallData.WriteIdx(_folder["images.idx"], Count, Side);
        Assert.Equal(expected, Train("idx", "{ dataset: idx, path: images.idx }"));
    }

    [Theory]
    [InlineData("{ dataset: npy, path: cut.npy }", "cut.npy", "160 × 12 × 12", "but the file has")]
    [InlineData("{ dataset: npy, path: images.npy, black: 1 }", "images.npy", "has a pixel value of", "1 to 255")]
    [InlineData("{ dataset: npz, path: objects.npz, array: metadata }", "objects.npz", "metadata", "arrays of Python objects are refused")]
    [InlineData("{ dataset: images, path: mixed }", "mixed", "b.pgm", "size: [64, 64]")]
    [InlineData("{ dataset: images, path: damaged }", "a.png", "CRC")]
    [InlineData("{ dataset: images, path: pictures, sise: [4, 4] }", "did you mean 'size'")]
    public void Bad_data_is_one_line_and_nothing_is_written(string data, params string[] words)
    {
        WriteData();
        File.WriteAllBytes(_folder["cut.npy"], File.ReadAllBytes(_folder["images.npy"])[..^100]);
        WriteNpz("objects.npz", ("images.npy", File.ReadAllBytes(_folder["images.npy"])),
            ("metadata.npy", [.. NpyHeader("|O", 1), .. "cos\nsystem\n."u8]));
        Directory.CreateDirectory(_folder["mixed"]);
        File.WriteAllBytes(_folder["mixed", "a.pgm"], [.. "P5 1 1 255\n"u8, 1]);
        File.WriteAllBytes(_folder["mixed", "b.pgm"], [.. "P5 2 1 255\n"u8, 1, 2]);
        Directory.CreateDirectory(_folder["damaged"]);
        File.WriteAllBytes(_folder["damaged", "a.png"],
            [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 9, 9, 9, 9]);
        WriteRun("bad.yaml", data);

        string[] before = Directory.GetFileSystemEntries(_folder.Path);
        ProcessResult result = VaeClusterProcess.Run(_folder.Path, Environment, "train", "bad.yaml", "--out", "out").Refused(words);
        Assert.Empty(result.Output);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
    }

    private Dictionary<string, string> Environment => new() { ["VAECLUSTER_CACHE"] = _folder["cache"] };

    private string Train(string run, string data, params string[] options)
    {
        WriteRun($"{run}.yaml", data);
        VaeClusterProcess.Run(_folder.Path, Environment, ["train", $"{run}.yaml", "--out", run, .. options]).Succeeded();
        return RunFiles.Sha256(_folder[run]);
    }

    private void WriteRun(string name, string data) => File.WriteAllText(_folder[name], $$"""
        data:       {{data}}
        model:      { architecture: mlp, hidden: [20], latent: 3, likelihood: bernoulli }
        training:   { epochs: 2, batch: 16, shards: 8, learningRate: 0.003, seed: 5 }
        checkpoint: { everySteps: 5, keep: 2 }
        """);

    // The images of an IDX file in the other formats.
    private void WriteData()
    {
        SmallData.WriteIdx(_folder["source.idx"], Count, Side);
        byte[] pixels = File.ReadAllBytes(_folder["source.idx"])[16..];
        File.Delete(_folder["source.idx"]);
        byte[] npy = [.. NpyHeader("|u1", Count, Side, Side), .. pixels];
        File.WriteAllBytes(_folder["images.npy"], npy);
        WriteNpz("images.npz", ("images.npy", npy));
        Directory.CreateDirectory(_folder["pictures"]);
        for (int i = 0; i < Count; i++)
            File.WriteAllBytes(_folder["pictures", $"{i:000}.pgm"],
                [.. Encoding.ASCII.GetBytes($"P5 {Side} {Side} 255\n"), .. pixels.AsSpan(i * Side * Side, Side * Side)]);
    }

    private void WriteNpz(string name, params (string Entry, byte[] Content)[] entries)
    {
        using ZipArchive archive = new(File.Create(_folder[name]), ZipArchiveMode.Create);
        foreach ((string entry, byte[] content) in entries)
        {
            using Stream stream = archive.CreateEntry(entry).Open();
            stream.Write(content);
        }
    }

    private static byte[] NpyHeader(string descr, params int[] shape)
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header)];
    }
}
