using System.Buffers.Binary;
using VaeCluster.Core.Specs;

namespace VaeCluster.Evaluation.Tests.Fixtures;

/// <summary>Small random images in IDX files in a temporary folder.</summary>
internal sealed class TinyImages : IDisposable
{
    internal TinyImages(int height, int width, int training, int test)
    {
        Folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;
        var random = new Random(11);
        Training = Write("training.idx", training, height, width, random);
        Test = Write("test.idx", test, height, width, random);
    }

    internal string Folder { get; }

    private string Training { get; }

    private string Test { get; }

    internal DataSpec Spec => new()
    {
        Dataset = new MemberSpec("idx", new Dictionary<string, object> { ["path"] = Training, ["testPath"] = Test }),
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Write(string name, int count, int height, int width, Random random)
    {
        var file = new byte[16 + (count * height * width)];
        int[] header = [0x00000803, count, height, width];
        for (int i = 0; i < header.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * i), header[i]);
        random.NextBytes(file.AsSpan(16));
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, file);
        return path;
    }
}
