using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>The layers of a convolutional architecture.</summary>
internal sealed record ConvPlan
{
    /// <summary>The encoder's convolutions.</summary>
    internal required IReadOnlyList<ConvLayer> Encoder { get; init; }

    /// <summary>Widths of the fully connected layers between the convolutions and the code.</summary>
    internal required IReadOnlyList<int> Hidden { get; init; }

    /// <summary>Widths of the fully connected layers between the latents and the transposed convolutions.</summary>
    internal required IReadOnlyList<int> DecoderHidden { get; init; }

    /// <summary>The decoder's transposed convolutions; the last has the channels of the image, whatever it says here.</summary>
    internal required IReadOnlyList<ConvLayer> Decoder { get; init; }

    /// <summary>What follows the sums of each hidden layer.</summary>
    internal HiddenLayers Layers { get; init; } = HiddenLayers.Plain;

    /// <summary>Activation after each layer.</summary>
    internal Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Burgess et al., Understanding disentangling in β-VAE (2018): 4×4 convolutions of 32 channels with stride 2 (four for 64 px, three
    /// for 32 px), and two layers of 256.
    /// </summary>
    internal static ConvPlan Burgess(ImageShape image)
    {
        CheckSize("burgess", image, 32, 64);
        ConvLayer[] layers = [.. Enumerable.Repeat(new ConvLayer(32, 4, 2, 1), image.Height == 64 ? 4 : 3)];
        return new ConvPlan { Encoder = layers, Hidden = [256, 256], DecoderHidden = [256, 256], Decoder = layers };
    }

    /// <summary>
    /// Locatello et al., Challenging Common Assumptions in the Unsupervised Learning of Disentangled Representations (2019), table 1.
    /// </summary>
    internal static ConvPlan Study(ImageShape image)
    {
        CheckSize("study-conv", image, 64);
        return new ConvPlan
        {
            Encoder = [new(32, 4, 2, 1), new(32, 4, 2, 1), new(64, 2, 2, 0), new(64, 2, 2, 0)],
            Hidden = [256],
            DecoderHidden = [256],
            Decoder = [new(64, 4, 2, 1), new(32, 4, 2, 1), new(32, 4, 2, 1), new(0, 4, 2, 1)],
        };
    }

    /// <summary>The layers of a run file; the decoder mirrors the encoder.</summary>
    internal static ConvPlan FromRunFile(MemberSpec spec)
    {
        // Zero channels, kernel or stride are refused here, since the field's rule cannot distinguish the keys (padding may be 0).
        ConvLayer[] layers = [.. spec.Layers("layers").Select(layer => new ConvLayer(
            Value(layer, "channels", null), Value(layer, "kernel", 4), Value(layer, "stride", 2), Value(layer, "padding", 1)))];

        if (layers.Length == 0) throw new BadInputException(
            BadInputException.RunFile, "model.layers", "[]", "at least one convolution (or `architecture: mlp`)");

        // The transpose of layer i produces the input channels of layer i, which are the channels of the layer before it.
        ConvLayer[] mirrored = [.. layers.Select((layer, i) => layer with { Channels = i == 0 ? 0 : layers[i - 1].Channels }).Reverse()];
        int[] hidden = spec.Integers("hidden");
        return new ConvPlan
        {
            Encoder = layers,
            Hidden = hidden,
            DecoderHidden = [.. hidden.Reverse()],
            Decoder = mirrored,
            Activation = ArchitectureFamily.ParseActivation(spec.Text("activation")),
            Layers = HiddenLayers.Of(spec),
        };
    }

    private static int Value(IReadOnlyDictionary<string, long> layer, string key, int? standard)
    {
        if (!layer.TryGetValue(key, out long value)) value = standard ?? 0;
        return value > 0 || key == "padding"
            ? checked((int)value)
            : throw new BadInputException(
                BadInputException.RunFile, $"model.layers.{key}", FormattableString.Invariant($"{value}"),
                "must be a whole number above 0 in each layer");
    }

    private static void CheckSize(string name, ImageShape image, params int[] sizes)
    {
        if (image.Height != image.Width || !sizes.Contains(image.Height))
            throw new BadInputException(
                BadInputException.RunFile, "model.architecture", name,
                $"needs images of {string.Join(" or ", sizes.Select(size => $"{size}×{size}"))}; the data has {image}");
    }
}
