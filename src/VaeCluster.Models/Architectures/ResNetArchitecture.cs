using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Architectures;

/// <summary>
/// Residual blocks with group normalisation at several levels, each of half the height and width of the one before, and a vector of
/// latents. The decoder has the same blocks from the last level to the first.
/// </summary>
public sealed class ResNetArchitecture : Architecture
{
    private const string Channels = "channels", Average = "average", Transposed = "transposed";
    private const int MostLevels = 16, MostBlocks = 64, MostStride = 2;

    private readonly LayerChain _encoder;
    private readonly LayerChain _decoder;

    /// <summary>Declares the layers.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="shape">The sizes that it must have.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public ResNetArchitecture(MemberSpec spec, ArchitectureShape shape, ParameterLayout.Builder parameters)
    {
        int[] channels = spec.Integers(Channels);
        int blocks = spec.Integer("blocks"), stem = spec.Integer("stem");
        bool pools = spec.Text("downsampling") == Average, transposes = spec.Text("upsampling") == Transposed;
        HiddenLayers hidden = HiddenLayers.Grouped(spec.Integer("groups"));
        (int rows, int columns) = SmallestMap(channels, stem, shape.Image);
        int flat = DemandSize(shape, channels, blocks, stem, transposes, rows * (long)columns, hidden);

        var activation = ArchitectureFamily.ParseActivation(spec.Text("activation"));
        _encoder = new LayerChain(parameters, "encoder", hidden, activation);
        _encoder.Conv(shape.Image.Channels, channels[0], kernel: 3, stem);
        for (int level = 0; level < channels.Length; level++)
        {
            if (level > 0)
            {
                if (pools) _encoder.Fixed((graph, x) => graph.AveragePool(x, 2));
                _encoder.Conv(channels[level - 1], channels[level], kernel: 3, pools ? 1 : 2);
            }

            for (int block = 0; block < blocks; block++) _encoder.Residual(channels[level]);
        }

        _encoder.Norm(channels[^1]);
        _encoder.Dense(flat, shape.CodeSize);

        int outputs = shape.Image.Channels * shape.OutputsPerPixel;
        _decoder = new LayerChain(parameters, "decoder", hidden, activation);
        _decoder.Dense(shape.Latent, flat);
        _decoder.Fixed((graph, x) => graph.Reshape(x, channels[^1], rows, columns));
        for (int level = channels.Length - 1; level >= 0; level--)
        {
            for (int block = 0; block < blocks; block++) _decoder.Residual(channels[level]);
            if (level > 0) Enlarge(channels[level], channels[level - 1], transposes);
        }

        _decoder.Norm(channels[0]);
        if (stem == 1) _decoder.Conv(channels[0], outputs, kernel: 3, stride: 1);
        else Enlarge(channels[0], outputs, transposes);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "resnet", "residual blocks with group normalisation at several resolutions, for images whose sides can be halved several times",
    [
        new FieldRule(
            Channels, FieldKind.IntegerList,
            "channels of each level, first to last; each level halves the height and width of the one before")
        {
            Default = (IReadOnlyList<long>)[32L, 64L, 128L],
            Min = 1,
            Max = 4096,
            MostItems = MostLevels,
        },
        new FieldRule("blocks", FieldKind.Integer, "residual blocks of each level of encoder and decoder")
        {
            Default = 1L,
            Min = 1,
            Max = MostBlocks,
        },
        new FieldRule(
            "stem", FieldKind.Integer, "stride of the first convolution; 2: the first level has half the height and width of the images")
        {
            Default = 1L,
            Min = 1,
            Max = MostStride,
        },
        HiddenLayers.GroupsField("number of groups of the group normalisation; divides the channels of every level") with { Default = 8L },
        ArchitectureFamily.ActivationField("activation", "activation after each normalisation", "silu"),
        new FieldRule(
            "downsampling", FieldKind.Text, "how the encoder halves its maps: by the stride of a convolution, or by averages before it")
        {
            Default = "stride",
            Words = ["stride", Average],
        },
        new FieldRule(
            "upsampling", FieldKind.Text,
            "how the decoder doubles its maps: by nearest neighbours before a convolution, or by a transposed one")
        {
            Default = "nearest",
            Words = ["nearest", Transposed],
        },
        HiddenLayers.DropoutField(
            "share of the channels before the second convolution of a block that are set to 0 in training, for each example anew; "
            + "default: none"),
    ]);

    /// <inheritdoc/>
    public override ParameterSlice OutputBias => _decoder.LastBias!;

    /// <inheritdoc/>
    public override Node Encode(GraphBuilder graph, Node x, DropoutMasks? masks = null) => _encoder.Apply(graph, x, masks);

    /// <inheritdoc/>
    public override Node Decode(GraphBuilder graph, Node z, DropoutMasks? masks = null) => _decoder.Apply(graph, z, masks);

    private void Enlarge(int from, int to, bool transposes)
    {
        if (transposes)
        {
            _decoder.Double(from, to);
            return;
        }

        _decoder.Fixed((graph, x) => graph.Upsample(x, 2));
        _decoder.Conv(from, to, kernel: 3, stride: 1);
    }

    private static (int Rows, int Columns) SmallestMap(int[] channels, int stem, ImageShape image)
    {
        if (channels.Length == 0)
            throw new BadInputException(BadInputException.RunFile, "model.channels", "[]", "at least one level");
        int factor = stem << (channels.Length - 1);
        if (image.Height % factor != 0 || image.Width % factor != 0)
            throw new BadInputException(
                BadInputException.RunFile, "model.channels", ModelSize.Text(channels), FormattableString.Invariant(
                    $"its levels and a stem of {stem} divide height and width by {factor}, and images of {image} cannot be divided that way"));
        return (image.Height / factor, image.Width / factor);
    }

    // Everything is counted before the first parameter is declared. Returns the size of the last map.
    private static int DemandSize(
        ArchitectureShape shape, int[] channels, int blocks, int stem, bool transposes, long smallest, HiddenLayers hidden)
    {
        string value = ModelSize.Text(channels);
        int outputs = shape.Image.Channels * shape.OutputsPerPixel, upKernel = transposes ? 4 : 3;
        var convolutions = new List<(Int128 All, Int128 Largest)>
        {
            ModelSize.Conv(shape.Image.Channels, channels[0], 3), ModelSize.Conv(channels[0], outputs, stem == 1 ? 3 : upKernel),
        };
        var normalised = new List<int> { channels[0], channels[^1] };
        ModelSize.DemandMap("model.channels", value, channels[0], (smallest << (2 * (channels.Length - 1))) * stem * stem);
        for (int level = 0; level < channels.Length; level++)
        {
            long positions = smallest << (2 * (channels.Length - 1 - level));

            // Nearest neighbours make a map of the next level's channels at this one's size.
            int widest = Math.Max(channels[level], level + 1 < channels.Length ? channels[level + 1] : 0);
            ModelSize.DemandMap("model.channels", value, widest, positions);
            for (int block = 0; block < 4 * blocks; block++)
            {
                convolutions.Add(ModelSize.Conv(channels[level], channels[level], 3));
                normalised.Add(channels[level]);
            }

            if (level == 0) continue;
            convolutions.Add(ModelSize.Conv(channels[level - 1], channels[level], 3));
            convolutions.Add(ModelSize.Conv(channels[level], channels[level - 1], upKernel));
        }

        int flat = checked((int)(channels[^1] * smallest));
        ModelSize.Demand(
            "model.channels", value,
            [.. convolutions, hidden.Size(normalised), ModelSize.Dense([flat, shape.CodeSize]), ModelSize.Dense([shape.Latent, flat])]);
        return flat;
    }
}
