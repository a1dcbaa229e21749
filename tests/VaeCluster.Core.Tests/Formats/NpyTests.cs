using System.Buffers.Binary;
using System.Text;
using VaeCluster.Core.Formats;
using Xunit.Abstractions;

namespace VaeCluster.Core.Tests.Formats;

public sealed class NpyTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 6 })]
    [InlineData(new[] { 2, 3 })]
    [InlineData(new[] { 0, 3 })]
    [InlineData(new[] { 2, 1, 3, 2 })]
    public void Written_files_are_read_back(int[] shape)
    {
        int count = shape.Aggregate(1, (product, dimension) => product * dimension);
        float[] values = [.. Enumerable.Range(0, count).Select(i => i * 1.5f - 2)];
        string path = _folder.File("a.npy");
        Npy.Write(path, shape, values);

        NpyArray array = Npy.Read(path);

        Assert.Equal(shape, array.Shape);
        Assert.Equal(values, array.ToSingles());
        Assert.Equal(0, (new FileInfo(path).Length - values.Length * 4) % 64);
    }

    [Fact]
    public void Bytes_doubles_and_integers_are_read()
    {
        Assert.Equal([0f, 255f], Npy.Read(Raw("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [0, 255])).ToSingles());
        Assert.Equal(
            [-1.5f], Npy.Read(Raw("{'shape': (1,1), 'descr':'<f8','fortran_order' : False}", BitConverter.GetBytes(-1.5))).ToSingles());
        NpyArray integers = Npy.Read(Raw("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", BitConverter.GetBytes(-7L)));
        Assert.Equal([-7L], integers.Integers().ToArray());
        Assert.Equal([-7f], integers.ToSingles());
        Assert.Equal([-7L], integers.ToIntegers()!);
        NpyArray words = Npy.Read(Raw("{'descr': '<i4', 'fortran_order': False, 'shape': (2L,), }", [1, 0, 0, 0, 255, 255, 255, 255]));
        Assert.Equal([1f, -1f], words.ToSingles());
        Assert.Equal([1L, -1L], words.ToIntegers()!);
    }

    [Fact]
    public void Version_2_has_a_longer_header_length() =>
        Assert.Equal([5f], Npy.Read(Raw("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", [5], version: 2)).ToSingles());

    [Fact]
    public void A_stream_that_returns_short_reads_is_read_completely()
    {
        float[] values = [.. Enumerable.Range(0, 3_000_000).Select(i => (float)i)];
        using var stream = new MemoryStream();
        Npy.Write(stream, [3000, 1000], values);
        using var pieces = new PiecewiseStream(stream.ToArray());
        Assert.Equal(values, Npy.Read(pieces, "x.npz").ToSingles());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "|O")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", ">f4")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "header")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "fortran_order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }", "at most")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }", "shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "header")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", "header")]
    [InlineData("not a dictionary", "header")]
    public void A_wrong_header_or_unsupported_type_is_refused(string header, string named)
    {
        var fault = Assert.Throws<BadInputException>(() => Npy.Read(Raw(header, [0, 0, 0, 0])));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_file_that_is_missing_or_has_another_format_or_version_is_refused()
    {
        File.WriteAllText(_folder.File("text"), "hello, this is text");
        Assert.Throws<BadInputException>(() => Npy.Read(_folder.File("text")));
        Assert.Throws<BadInputException>(() => Npy.Read(_folder.File("none")));
        Assert.Throws<BadInputException>(() => Npy.Read(Raw("{}", [], version: 4)));
        File.WriteAllBytes(_folder.File("cut"), [0x93, (byte)'N']);
        Assert.Throws<BadInputException>(() => Npy.Read(_folder.File("cut")));
    }

    [Fact]
    public void NumPy_reads_our_file_and_we_read_NumPys()
    {
        const string Script = """
            folder = sys.argv[1]
            a = numpy.load(folder + '/ours.npy')
            print(a.dtype, a.shape, a.flags.c_contiguous, a.tolist())
            numpy.save(folder + '/theirs.npy', (a * 2).astype('float64'))
            """;
        Npy.Write(_folder.File("ours.npy"), [2, 2], [1, 2, 3, 4.5f]);
        if (Python.Run("import sys, numpy", Script, _folder.Path) is not string text)
        {
            output.WriteLine("skipped: this machine has no python3 with numpy");
            return;
        }

        Assert.Equal("float32 (2, 2) True [[1.0, 2.0], [3.0, 4.5]]", text);
        NpyArray theirs = Npy.Read(_folder.File("theirs.npy"));
        Assert.Equal(NpyType.Double, theirs.Header.Type);
        Assert.Equal([2f, 4f, 6f, 9f], theirs.ToSingles());
    }

    private string Raw(string header, byte[] data, byte version = 1)
    {
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        else BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        string path = _folder.File("raw.npy");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data]);
        return path;
    }

    /// <summary>Returns at most 1000 bytes per read, as a decompressing stream may.</summary>
    private sealed class PiecewiseStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1000, buffer.Length)]);
    }
}
