using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>A fully connected encoder and decoder of any depth; by default the decoder mirrors the encoder.</summary>
public sealed class MlpArchitecture : Architecture
{
    private readonly DenseStack _encoder;
    private readonly DenseStack _decoder;

    /// <summary>Declares the layers.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="shape">The sizes that it must have.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public MlpArchitecture(MemberSpec spec, ArchitectureShape shape, ParameterLayout.Builder parameters)
    {
        int[] hidden = spec.Integers("hidden");
        int[] decoderHidden = spec.Has("decoderHidden") ? spec.Integers("decoderHidden") : [.. hidden.Reverse()];
        Activation activation = ArchitectureFamily.ParseActivation(spec.Text("activation"));
        Activation decoderActivation = spec.Has("decoderActivation")
            ? ArchitectureFamily.ParseActivation(spec.Text("decoderActivation"))
            : activation;

        HiddenLayers layers = HiddenLayers.Of(spec);
        DemandSize(shape, hidden, spec.Has("decoderHidden"), decoderHidden, layers);
        _encoder =
            new DenseStack(parameters, "encoder", 0, [shape.Image.Pixels, .. hidden, shape.CodeSize], activation, Activation.Identity,
                layers);
        _decoder = new DenseStack(
            parameters, "decoder", 0, [shape.Latent, .. decoderHidden, shape.Image.Pixels * shape.OutputsPerPixel], decoderActivation,
            Activation.Identity, layers);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("mlp", "fully connected layers",
    [
        new FieldRule("hidden", FieldKind.IntegerList, "widths of the encoder's hidden layers, first to last; [] for none")
        {
            Default = (IReadOnlyList<long>)[400L],
            Min = 1,
            Max = 65_536,
            MostItems = ModelSize.MostLayers,
        },
        ArchitectureFamily.ActivationField("activation", "activation after each hidden layer", "relu"),
        new FieldRule(
            "decoderHidden", FieldKind.IntegerList,
            "widths of the decoder's hidden layers; default: the encoder's, last to first")
        {
            Min = 1,
            Max = 65_536,
            MostItems = ModelSize.MostLayers,
        },
        ArchitectureFamily.ActivationField(
            "decoderActivation", "activation after each hidden layer of the decoder; default: as in the encoder", null),
        .. HiddenLayers.Fields,
    ]);

    /// <inheritdoc/>
    public override ParameterSlice OutputBias => _decoder.LastBias;

    /// <inheritdoc/>
    public override Node Encode(GraphBuilder graph, Node x, DropoutMasks? masks = null) => _encoder.Apply(graph, x, masks);

    /// <inheritdoc/>
    public override Node Decode(GraphBuilder graph, Node z, DropoutMasks? masks = null) => _decoder.Apply(graph, z, masks);

    // Named is the list of the larger half; without hidden layers the latents connect to every pixel.
    private static void DemandSize(
        ArchitectureShape shape, int[] hidden, bool hasDecoder, int[] decoderHidden, HiddenLayers layers)
    {
        long pixels = shape.Image.Pixels;
        (Int128 All, Int128 Largest) encoder = ModelSize.Dense([pixels, .. hidden, shape.CodeSize]);
        (Int128 All, Int128 Largest) decoder = ModelSize.Dense([shape.Latent, .. decoderHidden, pixels * shape.OutputsPerPixel]);
        bool isDecoder = hasDecoder && decoder.All > encoder.All;
        int[] widths = isDecoder ? decoderHidden : hidden;
        if (widths.Length == 0) ModelSize.Demand("model.latent", FormattableString.Invariant($"{shape.Latent}"), encoder, decoder);
        else
            ModelSize.Demand(
                isDecoder ? "model.decoderHidden" : "model.hidden", ModelSize.Text(widths), encoder, decoder,
                layers.Size([.. hidden, .. decoderHidden]));
    }
}
