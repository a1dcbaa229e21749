using VaeCluster.Core.Formats;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Weights.</summary>
internal sealed class SafetensorsTarget : FuzzTarget
{
    public override string Name => "safetensors";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Write([2, 3], [4]), Write([]), Write([1, 1, 2, 2])];

    public override IReadOnlyList<string> Words =>
        ["{", "[", "\"dtype\":", "\"F32\"", "\"shape\":[", "\"data_offsets\":[", "__metadata__", "\\ud800", "\"a\":", "]", "}", ",", "null"];

    public override void Run(byte[] input)
    {
        SafetensorsFile file = Safetensors.Read(Put("a.safetensors", input));
        foreach (SafetensorsTensor tensor in file.Tensors) _ = tensor.Data.Length;
    }

    private static byte[] Write(params int[][] shapes)
    {
        using var file = new MemoryStream();
        Safetensors.Write(
            file,
            [.. shapes.Select((shape, i) => SafetensorsTensor.FromSingles($"t{i}", shape, new float[shape.Aggregate(1, (product, size) => product * size)]))],
            new Dictionary<string, string> { ["name"] = "value" });
        return file.ToArray();
    }
}
