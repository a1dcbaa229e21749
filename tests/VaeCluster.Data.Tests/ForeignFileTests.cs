using System.Diagnostics;
using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Tables;

namespace VaeCluster.Data.Tests;

/// <summary>Files that are none, and files that promise more than anybody has.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresTheory(Requirement.Procfs)]
    [InlineData("idx", "a.idx")]
    [InlineData("npy", "a.npy")]
    [InlineData("npz", "a.npz")]
    [InlineData("csv", "a.csv")]
    [InlineData("parquet", "a.parquet")]
    [InlineData("hdf5", "a.h5")]
    public async Task A_pipe_in_place_of_data_is_refused_at_once(string kind, string name)
    {
        string pipe = MakePipe(name);
        await RefusedAtOnce(kind, pipe, pipe);
    }

    [RequiresFact(Requirement.Procfs)]
    public async Task A_pipe_among_pictures_is_refused_at_once()
    {
        string pipe = MakePipe("a.png");
        await RefusedAtOnce("images", _folder.Path, pipe);
    }

    [RequiresFact(Requirement.Procfs)]
    public async Task A_device_is_refused_at_once() => await RefusedAtOnce("npy", "/dev/zero", "/dev/zero", "a device");

    [Theory]
    [InlineData("<f8", "(1, 16384, 16384)", 8L << 28)]
    [InlineData("<f8", "(268435456,)", 8L << 28)]
    public void An_image_of_gigabytes_is_refused_with_its_shape(string type, string shape, long bytes)
    {
        string path = Path.Combine(_folder.Path, "a.npy");
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        using (FileStream file = File.Create(path))
        {
            file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header)]);
            file.SetLength(file.Length + bytes); // a hole: takes no room on the disk
        }

        string message = Refused("npy", path);
        Assert.Contains("shape", message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_unpacks_to_gigabytes_is_refused()
    {
        byte[] packed = IdxBytes.Gzip(new byte[20 << 20]);
        Assert.True(packed.Length < 1_000_000);
        Assert.Contains("a line has more than 8388608 bytes", Refused("csv", _folder.Write("a.csv.gz", packed)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(533)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public async Task Parquet_metadata_that_end_early_are_refused(int length)
    {
        // Found by fuzzing: the library reads on for ever.
        byte[] file = [.. "PAR1"u8, .. Enumerable.Range(0, 600).Select(i => (byte)(i % 2 == 0 ? 0x15 : 0x02)), .. BitConverter.GetBytes(length), .. "PAR1"u8];
        string path = _folder.Write("a.parquet", file);
        string message = await Task.Run(() => Refused("parquet", path)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("not a Parquet file, or damaged", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_counted_one_by_one()
    {
        using var text = new LineLimitStream(new MemoryStream("12345\n1234\n12345\n"u8.ToArray()), longest: 5);
        Assert.Equal(17, text.Read(new byte[100]));
        using var longer = new LineLimitStream(new MemoryStream("12345\n123456\n"u8.ToArray()), longest: 5);
        Assert.Throws<InvalidDataException>(() => longer.Read(new byte[100]));
        using var inParts = new LineLimitStream(new MemoryStream("123456"u8.ToArray()), longest: 5);
        Assert.Equal(4, inParts.Read(new byte[4]));
        Assert.Throws<InvalidDataException>(() => inParts.Read(new byte[4]));
    }

    private async Task RefusedAtOnce(string kind, string path, string named, string what = "a named pipe")
    {
        // An open that waits for a writer would never end.
        string message = await Task.Run(() => Refused(kind, path)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{named}: is {what}; only regular files are read"), message, StringComparison.Ordinal);
    }

    private static string Refused(string kind, string path)
    {
        Member member = Datasets.Members.First(member => member.Name == kind);
        Dictionary<string, object> values = member.Fields.Where(field => field.Default is not null)
            .ToDictionary(field => field.Name, field => field.Default!);
        values["path"] = path;
        return Assert.Throws<BadInputException>(() => Datasets.Open(new MemberSpec(kind, values))).Message;
    }

    private string MakePipe(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
