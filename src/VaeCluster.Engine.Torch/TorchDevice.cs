using System.Globalization;
using TorchSharp;
using VaeCluster.Core;

namespace VaeCluster.Engine.Torch;

/// <summary>
/// One device: <c>cpu:0</c>, <c>cpu:1</c>, … are threads of the same processor, <c>cuda:0</c>, <c>cuda:1</c>, … are GPUs.
/// </summary>
/// <param name="IsCuda">Whether it is a GPU.</param>
/// <param name="Index">Its number, from 0.</param>
public readonly record struct TorchDevice(bool IsCuda, int Index)
{
    /// <summary>Reads a device's name; without a number it is the first.</summary>
    /// <param name="text">For example <c>cuda:1</c>.</param>
    /// <exception cref="BadInputException">It is no such name.</exception>
    public static TorchDevice Parse(string text)
    {
        string[] parts = text.Split(':');
        bool known = parts[0] is "cpu" or "cuda" && parts.Length <= 2;
        int index = 0;
        if (parts.Length == 2) known &= int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index);
        return known
            ? new TorchDevice(parts[0] == "cuda", index)
            : throw new BadInputException("device", null, text, "allowed: cpu:N, cuda:N, N from 0");
    }

    /// <summary>The device in libtorch's words, which knows one processor only.</summary>
    internal torch.Device ToTorch() => IsCuda ? new torch.Device(DeviceType.CUDA, Index) : new torch.Device(DeviceType.CPU);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsCuda ? "cuda" : "cpu")}:{Index}");
}
