using System.Text;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Labels;

namespace VaeCluster.Fuzz.Targets;

/// <summary>NumPy arrays, as images and as classes.</summary>
internal sealed class NpyTarget : FuzzTarget
{
    public override string Name => "npy";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Npy("<f4", "(2, 4, 4)", 128), Npy("|u1", "(2, 4, 4, 3)", 96), Npy(">i2", "(3, 2, 2)", 24), Npy("<f8", "(2, 2, 2)", 64, "True"),
        Npy("<i8", "(5,)", 40), Npy("<U3", "(2,)", 24), Npy("|S2", "(3,)", 6), Npy("|b1", "(1, 2, 2)", 4), Npy("<f2", "(1, 2, 2)", 8), Ours(),
    ];

    public override IReadOnlyList<string> Words =>
        ["'descr': ", "'fortran_order': True", "'shape': (", "<f8", "|O", "<U65536", ">f4", "268435456, ", "0, ", "(", ")", "{", "}", "L,"];

    public override void Run(byte[] input)
    {
        string path = Put("a.npy", input);
        NpyArray array;
        using (FileStream stream = File.OpenRead(path)) array = Core.Formats.Npy.Read(stream, path);
        _ = array.ToTexts();
        if (array.Header.Type is not (NpyType.Text or NpyType.ByteText)) _ = array.ToIntegers();
        if (array.Shape.Count is 1 or 2) _ = LabelTable.Of(new MemberSpec("npy"), array, path, array.Shape[0]);
        IDataset images = NpyFile.OpenImages(
            new MemberSpec("npy"), path, new StorageOptions { Cache = new CacheFolder(Path.Combine(Folder, "cache")) });
        images.Read(0, new float[images.Image.Pixels]);
    }

    internal static byte[] Npy(string descr, string shape, int bytes, string fortran = "False")
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[bytes]];
    }

    private static byte[] Ours()
    {
        using var file = new MemoryStream();
        Core.Formats.Npy.Write(file, [2, 3, 3], new float[18]);
        return file.ToArray();
    }
}
