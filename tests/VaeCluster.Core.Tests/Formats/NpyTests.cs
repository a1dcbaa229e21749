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

    [Theory]
    [InlineData(">f2", new byte[] { 0x3C, 0x00, 0xC0, 0x00 }, new[] { 1f, -2f })]
    [InlineData("<f2", new byte[] { 0x00, 0x3C, 0x00, 0xC0 }, new[] { 1f, -2f })]
    [InlineData(">f4", new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new[] { 1f, -2f })]
    [InlineData(">f8", new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new[] { 1f, -2f })]
    [InlineData("|i1", new byte[] { 1, 0xFE }, new[] { 1f, -2f })]
    [InlineData(">i2", new byte[] { 0, 1, 0xFF, 0xFE }, new[] { 1f, -2f })]
    [InlineData("<u2", new byte[] { 1, 0, 0xFF, 0xFF }, new[] { 1f, 65535f })]
    [InlineData(">u4", new byte[] { 0, 0, 0, 1, 0, 1, 0, 0 }, new[] { 1f, 65536f })]
    [InlineData(">i8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 254 }, new[] { 1f, -2f })]
    [InlineData("<u8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 }, new[] { 1f, 4294967296f })]
    [InlineData("=u2", new byte[] { 1, 0, 2, 0 }, new[] { 1f, 2f })]
    public void Every_type_and_byte_order_is_read(string descr, byte[] data, float[] values) => Assert.Equal(
        values, Npy.Read(Raw($"{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,), }}", data)).ToSingles());

    [Fact]
    public void Text_is_read_without_its_padding()
    {
        Assert.Equal(["ab", "c"], Npy.Read(Raw("{'descr': '|S2', 'fortran_order': False, 'shape': (2,), }", [.. "abc\0"u8])).ToTexts()!);
        Assert.Equal(["é"], Npy.Read(Raw("{'descr': '>U1', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0xE9])).ToTexts()!);
        Assert.Null(Npy.Read(Raw("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", [1])).ToTexts());
    }

    [Theory]
    [InlineData("<U0")]
    [InlineData("|S0")]
    [InlineData("<U65537")]
    public void Texts_of_no_characters_or_too_many_are_refused(string descr)
    {
        // Found by fuzzing: millions of texts of no characters need no bytes, so that a file of 128 bytes took minutes.
        string file = Raw($"{{'descr': '{descr}', 'fortran_order': False, 'shape': (200000000,), }}", []);
        Assert.Contains("texts of 1 to 65536 characters", Assert.Throws<BadInputException>(() => Npy.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fortran_order_is_read_as_row_major() => Assert.Equal(
        [1f, 3f, 5f, 2f, 4f, 6f],
        Npy.Read(Raw("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 2, 3, 4, 5, 6])).ToSingles());

    [Fact]
    public void What_NumPy_saves_in_any_type_and_order_is_read_as_it_was()
    {
        const string Script = """
            folder = sys.argv[1]
            for name in ['u1', 'i1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', '?']:
                for byte_order in '<>':
                    for order in 'CF':
                        a = numpy.asarray(numpy.arange(24).reshape(2, 3, 4) % 2 if name == '?' else numpy.arange(24).reshape(2, 3, 4))
                        numpy.save(f'{folder}/{len(name)}{ord(name[0])}{name[1:]}{ord(byte_order)}{order}.npy',
                                   numpy.asarray(a, dtype=byte_order + name, order=order))
            print('done')
            """;
        if (Python.Run("import sys, numpy", Script, _folder.Path) is not string)
        {
            output.WriteLine("skipped: this machine has no python3 with numpy");
            return;
        }

        string[] files = Directory.GetFiles(_folder.Path, "*.npy");
        Assert.Equal(48, files.Length);
        foreach (string file in files)
        {
            NpyArray array = Npy.Read(file);
            bool flags = Path.GetFileName(file).StartsWith("163", StringComparison.Ordinal);
            Assert.Equal([2, 3, 4], array.Shape);
            Assert.Equal([.. Enumerable.Range(0, 24).Select(i => (float)(flags ? i % 2 : i))], array.ToSingles());
        }
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
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "<c8")]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", "<f16")]
    [InlineData("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,), }", "<M8[s]")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "header")]
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
