using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>
/// A convolutional encoder with fully connected layers before the code, and a decoder of fully connected layers and transposed
/// convolutions. The architectures of the literature are instances of it.
/// </summary>
public sealed class ConvArchitecture : Architecture
{
    // Of one image; the values of a batch are counted before training.
    private const int MostFeatures = 1 << 28;

    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer)> _down = [];
    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer)> _up = [];
    private readonly DenseStack _encoder;
    private readonly DenseStack _decoder;
    private readonly Activation _activation;
    private readonly (int Channels, int Height, int Width) _features;

    internal ConvArchitecture(ConvPlan plan, ArchitectureShape shape, ParameterLayout.Builder parameters)
    {
        _activation = plan.Activation;
        ImageShape image = shape.Image;
        var sizes = new List<(int Channels, int Height, int Width)> { (image.Channels, image.Height, image.Width) };
        foreach (ConvLayer layer in plan.Encoder)
        {
            (int channels, int height, int width) = sizes[^1];
            if (layer.SizeAfter(height) is not { } rows || layer.SizeAfter(width) is not { } columns)
                throw DoesNotFit(layer, height, width);
            DemandFeatures(layer, rows, columns);
            sizes.Add((layer.Channels, rows, columns));
        }

        // The decoder's convolutions start from the encoder's last feature map.
        (_, int lastRows, int lastColumns) = sizes[^1];
        int flat = DemandSize(plan, shape, sizes);
        for (int i = 0; i < plan.Encoder.Count; i++)
        {
            (ConvLayer layer, int channels) = (plan.Encoder[i], sizes[i].Channels);
            _down.Add(Declare(
                parameters, $"encoder.{i}", [layer.Channels, channels, layer.Kernel, layer.Kernel], layer, channels, layer.Channels));
        }

        _encoder =
            new DenseStack(parameters, "encoder", _down.Count, [flat, .. plan.Hidden, shape.CodeSize], _activation, Activation.Identity);

        int[] back = [.. plan.DecoderHidden];
        _features = (sizes[^1].Channels, lastRows, lastColumns);
        _decoder = new DenseStack(parameters, "decoder", 0, [shape.Latent, .. back, flat], _activation, _activation);
        int from = _features.Channels, firstUp = back.Length + 1;
        foreach (ConvLayer layer in plan.Decoder)
        {
            int to = _up.Count == plan.Decoder.Count - 1 ? image.Channels * shape.OutputsPerPixel : layer.Channels;
            _up.Add(Declare(parameters, $"decoder.{firstUp + _up.Count}", [from, to, layer.Kernel, layer.Kernel], layer, to, to));
            from = to;
        }
    }

    /// <summary>The architecture of Burgess et al. (2018) in the run file.</summary>
    public static Member BurgessMember { get; } = new(
        "burgess", "four (64 px) or three (32 px) 4×4 convolutions of 32 channels and two layers of 256 (Burgess et al. 2018)", []);

    /// <summary>The architecture of Locatello et al. (2019) in the run file.</summary>
    public static Member StudyMember { get; } = new(
        "study-conv", "the convolutional network of the disentanglement study, 64 px (Locatello et al. 2019)", []);

    /// <summary>Custom convolutional layers in the run file.</summary>
    public static Member LayersMember { get; } = new("conv", "convolutions listed layer by layer; the decoder mirrors them",
    [
        new FieldRule("layers", FieldKind.Layers, "convolutions of the encoder: channels, kernel (default 4), stride (2), padding (1)")
        {
            Required = true,
            Words = ["channels", "kernel", "stride", "padding"],
            Min = 0,
            Max = 4096,
            MostItems = ModelSize.MostLayers,
        },
        new FieldRule("hidden", FieldKind.IntegerList, "widths of the fully connected layers between the convolutions and the code")
        {
            Default = (IReadOnlyList<long>)[256L],
            Min = 1,
            Max = 65_536,
            MostItems = ModelSize.MostLayers,
        },
        ArchitectureFamily.ActivationField("activation", "activation after each layer", "relu"),
    ]);

    /// <inheritdoc/>
    public override ParameterSlice OutputBias => _up[^1].Bias;

    /// <inheritdoc/>
    public override Node Encode(GraphBuilder graph, Node x)
    {
        foreach ((ParameterSlice weight, ParameterSlice bias, ConvLayer layer) in _down)
            x = graph.Conv2d(x, weight, bias, layer.Stride, layer.Padding, _activation);
        return _encoder.Apply(graph, x);
    }

    /// <inheritdoc/>
    public override Node Decode(GraphBuilder graph, Node z)
    {
        Node x = graph.Reshape(_decoder.Apply(graph, z), _features.Channels, _features.Height, _features.Width);
        for (int i = 0; i < _up.Count; i++)
        {
            (ParameterSlice weight, ParameterSlice bias, ConvLayer layer) = _up[i];
            x = graph.ConvTranspose2d(x, weight, bias, layer.Stride, layer.Padding, i < _up.Count - 1 ? _activation : Activation.Identity);
        }

        return x;
    }

    // PyTorch computes the fan-in from a weight's second dimension, which in a transposed convolution is the outputs.
    private static (ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer) Declare(
        ParameterLayout.Builder parameters, string name, int[] shape, ConvLayer layer, int fanChannels, int outputs)
    {
        int fanIn = fanChannels * layer.Kernel * layer.Kernel;
        return (parameters.Add($"{name}.weight", shape, fanIn), parameters.Add($"{name}.bias", [outputs], fanIn), layer);
    }

    // Everything is counted before the first parameter is declared. Returns the size of the last feature map.
    private static int DemandSize(ConvPlan plan, ArchitectureShape shape, List<(int Channels, int Height, int Width)> sizes)
    {
        Int128 all = 0, largest = 0;
        for (int i = 0; i < plan.Encoder.Count; i++)
        {
            ConvLayer layer = plan.Encoder[i];
            Int128 weights = (Int128)layer.Channels * sizes[i].Channels * layer.Kernel * layer.Kernel;
            all += weights + layer.Channels;
            largest = Int128.Max(largest, weights);
        }

        int from = sizes[^1].Channels;
        for (int i = 0; i < plan.Decoder.Count; i++)
        {
            ConvLayer layer = plan.Decoder[i];
            int to = i == plan.Decoder.Count - 1 ? shape.Image.Channels * shape.OutputsPerPixel : layer.Channels;
            Int128 weights = (Int128)from * to * layer.Kernel * layer.Kernel;
            all += weights + to;
            largest = Int128.Max(largest, weights);
            from = to;
        }

        ModelSize.Demand("model.layers", FormattableString.Invariant($"a list of {plan.Encoder.Count}"), (all, largest));
        int flat = sizes[^1].Channels * sizes[^1].Height * sizes[^1].Width;
        ModelSize.Demand(
            "model.hidden", ModelSize.Text(plan.Hidden), (all, largest), ModelSize.Dense([flat, .. plan.Hidden, shape.CodeSize]),
            ModelSize.Dense([shape.Latent, .. plan.DecoderHidden, flat]));
        return flat;
    }

    private static void DemandFeatures(ConvLayer layer, int rows, int columns)
    {
        if ((Int128)layer.Channels * rows * columns <= MostFeatures) return;
        throw new BadInputException(
            BadInputException.RunFile, "model.layers", FormattableString.Invariant($"channels {layer.Channels}"),
            FormattableString.Invariant($"makes a feature map of {layer.Channels}×{rows}×{columns}; at most {MostFeatures} values are supported"));
    }

    private static BadInputException DoesNotFit(ConvLayer layer, int height, int width) => new(
        BadInputException.RunFile, "model.layers", FormattableString.Invariant(
            $"kernel {layer.Kernel}, stride {layer.Stride}, padding {layer.Padding} on {height}×{width}"),
        "the stride must divide size + 2·padding − kernel, so that the decoder restores the same size");
}
