using System.Buffers.Binary;
using System.Text;
using VaeCluster.Core.Formats;
using Xunit.Abstractions;

namespace VaeCluster.Core.Tests.Formats;

public sealed class SafetensorsTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Written_files_are_read_back()
    {
        string path = _folder.File("model.safetensors");
        SafetensorsTensor[] tensors =
        [
            SafetensorsTensor.FromSingles("decoder.0.weight", [2, 3], [1, -2, 3.5f, float.NaN, float.PositiveInfinity, -0f]),
            SafetensorsTensor.FromSingles("bias", [2], [7, 8]),
            SafetensorsTensor.FromSingles("step", [], [500]),
            SafetensorsTensor.FromSingles("nothing", [0, 4], []),
            new("labels", SafetensorsType.Int64, [1], new byte[] { 9, 0, 0, 0, 0, 0, 0, 0x80 }),
        ];
        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = "vaecluster", ["ü \"quoted\""] = "1\n2" });

        SafetensorsFile file = Safetensors.Read(path);

        Assert.Equal("1\n2", file.Metadata["ü \"quoted\""]);
        Assert.Equal(["labels", "bias", "decoder.0.weight", "nothing", "step"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([9 + long.MinValue], file.Tensors[0].Integers().ToArray());
        foreach (SafetensorsTensor tensor in tensors)
        {
            Assert.Equal(tensor.Shape, file.Find(tensor.Name)!.Shape);
            Assert.Equal(tensor.Data.ToArray(), file.Find(tensor.Name)!.Data.ToArray());
        }

        Assert.Null(file.Find("other"));
        Assert.Throws<InvalidOperationException>(() => file.Tensors[0].Singles().Length);
    }

    [Fact]
    public void The_data_is_aligned_and_the_same_content_gives_the_same_bytes()
    {
        SafetensorsTensor[] tensors = [SafetensorsTensor.FromSingles("b", [1], [1]), SafetensorsTensor.FromSingles("a", [1], [2])];
        using var one = new MemoryStream();
        using var other = new MemoryStream();
        Safetensors.Write(one, tensors);
        Safetensors.Write(other, [.. tensors.Reverse()]);

        Assert.Equal(one.ToArray(), other.ToArray());
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(one.ToArray()) % 8);
    }

    [Fact]
    public void Duplicate_and_reserved_names_are_refused()
    {
        SafetensorsTensor a = SafetensorsTensor.FromSingles("a", [1], [1]);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(Stream.Null, [a, a]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(Stream.Null, [a with { Name = "__metadata__" }]));
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromSingles("a", [2, 2], [1]));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", 8, "offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2,-1],"data_offsets":[0,8]}}""", 8, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", 8, "shape")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "accounts")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "uplicate")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", 8, "F16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "header")]
    [InlineData("""["a"]""", 8, "header")]
    [InlineData("""{"a":""", 8, "header")]
    public void A_wrong_header_is_refused(string header, int dataBytes, string named)
    {
        string path = Raw(header.Length, header, dataBytes);
        var fault = Assert.Throws<BadInputException>(() => Safetensors.Read(path));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200_000_000)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_header_longer_than_the_file_or_100_MB_is_refused(long length) =>
        Assert.Throws<BadInputException>(() => Safetensors.Read(Raw(length, "{}", 0)));

    [Fact]
    public void A_missing_or_truncated_file_is_refused()
    {
        Assert.Throws<BadInputException>(() => Safetensors.Read(_folder.File("none")));
        File.WriteAllBytes(_folder.File("cut"), [1, 2, 3]);
        Assert.Throws<BadInputException>(() => Safetensors.Read(_folder.File("cut")));
    }

    [Fact]
    public void A_reader_written_from_the_documentation_reads_our_file()
    {
        const string Script = """
            path = sys.argv[1]
            raw = open(path, 'rb').read()
            n = struct.unpack('<Q', raw[:8])[0]
            header = json.loads(raw[8:8 + n])
            data = raw[8 + n:]
            print(header.pop('__metadata__')['kind'])
            for name in sorted(header):
                entry = header[name]
                begin, end = entry['data_offsets']
                print(name, entry['dtype'], entry['shape'], list(struct.unpack('<%df' % ((end - begin) // 4), data[begin:end])))
            """;
        string path = _folder.File("m.safetensors");
        Safetensors.Write(
            path,
            [SafetensorsTensor.FromSingles("w", [2, 1], [1.5f, -2]), SafetensorsTensor.FromSingles("b", [1], [3])],
            new Dictionary<string, string> { ["kind"] = "test" });

        if (Python.Run("import json, struct, sys", Script, path) is not string text)
        {
            output.WriteLine("skipped: this machine has no python3");
            return;
        }

        Assert.Equal("test\nb F32 [1] [3.0]\nw F32 [2, 1] [1.5, -2.0]", text.ReplaceLineEndings("\n"));
    }

    private string Raw(long headerLength, string header, int dataBytes)
    {
        string path = _folder.File("raw.safetensors");
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerLength);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
