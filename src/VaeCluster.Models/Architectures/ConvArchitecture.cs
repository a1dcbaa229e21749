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
    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer, NormLayer? Norm)> _down = [];
    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer, NormLayer? Norm)> _up = [];
    private readonly DenseStack _encoder;
    private readonly DenseStack _decoder;
    private readonly NormLayer? _firstMap;
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
        int next = 0;
        for (int i = 0; i < plan.Encoder.Count; i++)
        {
            (ConvLayer layer, int channels) = (plan.Encoder[i], sizes[i].Channels);
            _down.Add(Declare(
                parameters, "encoder", ref next, [layer.Channels, channels, layer.Kernel, layer.Kernel], layer, channels, layer.Channels,
                plan.Layers));
        }

        _encoder = new DenseStack(
            parameters, "encoder", next, [flat, .. plan.Hidden, shape.CodeSize], _activation, Activation.Identity, plan.Layers);

        int[] back = [.. plan.DecoderHidden];
        _features = (sizes[^1].Channels, lastRows, lastColumns);

        // The decoder's first map is normalised by its channels, once it has them.
        _decoder = new DenseStack(
            parameters, "decoder", 0, [shape.Latent, .. back, flat], _activation,
            plan.Layers.Normalize ? Activation.Identity : _activation, plan.Layers);
        next = _decoder.NextIndex;
        _firstMap = plan.Layers.Declare(parameters, FormattableString.Invariant($"decoder.{next}"), _features.Channels);
        if (_firstMap is not null) next++;
        int from = _features.Channels;
        foreach (ConvLayer layer in plan.Decoder)
        {
            bool isLast = _up.Count == plan.Decoder.Count - 1;
            int to = isLast ? image.Channels * shape.OutputsPerPixel : layer.Channels;
            _up.Add(Declare(
                parameters, "decoder", ref next, [from, to, layer.Kernel, layer.Kernel], layer, to, to,
                isLast ? HiddenLayers.Plain : plan.Layers));
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
        .. HiddenLayers.Fields,
    ]);

    /// <inheritdoc/>
    public override ParameterSlice OutputBias => _up[^1].Bias;

    /// <inheritdoc/>
    public override Node Encode(GraphBuilder graph, Node x, DropoutMasks? masks = null)
    {
        foreach ((ParameterSlice weight, ParameterSlice bias, ConvLayer layer, NormLayer? norm) in _down)
        {
            x = graph.Conv2d(x, weight, bias, layer.Stride, layer.Padding, norm is null ? _activation : Activation.Identity);
            x = HiddenLayers.Finish(graph, x, norm, _activation, masks);
        }

        return _encoder.Apply(graph, x, masks);
    }

    /// <inheritdoc/>
    public override Node Decode(GraphBuilder graph, Node z, DropoutMasks? masks = null)
    {
        Node x = graph.Reshape(_decoder.Apply(graph, z, masks), _features.Channels, _features.Height, _features.Width);
        x = HiddenLayers.Finish(graph, x, _firstMap, _activation, masks);
        for (int i = 0; i < _up.Count; i++)
        {
            (ParameterSlice weight, ParameterSlice bias, ConvLayer layer, NormLayer? norm) = _up[i];
            bool isLast = i == _up.Count - 1;
            x = graph.ConvTranspose2d(
                x, weight, bias, layer.Stride, layer.Padding, isLast || norm is not null ? Activation.Identity : _activation);
            if (!isLast) x = HiddenLayers.Finish(graph, x, norm, _activation, masks);
        }

        return x;
    }

    // PyTorch computes the fan-in from a weight's second dimension, which in a transposed convolution is the outputs.
    private static (ParameterSlice Weight, ParameterSlice Bias, ConvLayer Layer, NormLayer? Norm) Declare(
        ParameterLayout.Builder parameters, string half, ref int next, int[] shape, ConvLayer layer, int fanChannels, int outputs,
        HiddenLayers hidden)
    {
        int fanIn = fanChannels * layer.Kernel * layer.Kernel;
        string name = FormattableString.Invariant($"{half}.{next++}");
        ParameterSlice weight = parameters.Add($"{name}.weight", shape, fanIn), bias = parameters.Add($"{name}.bias", [outputs], fanIn);
        NormLayer? norm = hidden.Declare(parameters, FormattableString.Invariant($"{half}.{next}"), outputs);
        if (norm is not null) next++;
        return (weight, bias, layer, norm);
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
            ModelSize.Dense([shape.Latent, .. plan.DecoderHidden, flat]),
            plan.Layers.Size([
                .. plan.Encoder.Select(layer => layer.Channels), .. plan.Hidden, .. plan.DecoderHidden, sizes[^1].Channels,
                .. plan.Decoder.SkipLast(1).Select(layer => layer.Channels),
            ]));
        return flat;
    }

    private static void DemandFeatures(ConvLayer layer, int rows, int columns)
    {
        if ((Int128)layer.Channels * rows * columns <= ModelSize.MostFeatures) return;
        throw new BadInputException(
            BadInputException.RunFile, "model.layers", FormattableString.Invariant($"channels {layer.Channels}"),
            FormattableString.Invariant($"makes a feature map of {layer.Channels}×{rows}×{columns}; at most {ModelSize.MostFeatures} values are supported"));
    }

    private static BadInputException DoesNotFit(ConvLayer layer, int height, int width) => new(
        BadInputException.RunFile, "model.layers", FormattableString.Invariant(
            $"kernel {layer.Kernel}, stride {layer.Stride}, padding {layer.Padding} on {height}×{width}"),
        "the stride must divide size + 2·padding − kernel, so that the decoder restores the same size");
}
