namespace VaeCluster.Core.Formats;

/// <summary>The contents of a safetensors file.</summary>
/// <param name="Tensors">The tensors in the order of their data.</param>
/// <param name="Metadata">The free-form texts of the header; empty if there are none.</param>
public sealed record SafetensorsFile(IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The tensor with this name, or null.</summary>
    /// <param name="name">The tensor's name.</param>
    public SafetensorsTensor? Find(string name) => Tensors.FirstOrDefault(tensor => tensor.Name == name);
}
