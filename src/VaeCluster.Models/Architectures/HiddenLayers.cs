using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>What follows the sums of every hidden layer of an architecture: normalisation, activation, dropout.</summary>
internal sealed class HiddenLayers
{
    private const string NormalizationName = "normalization", GroupsName = "groups", Layer = "layer", Group = "group";
    private const int StandardGroups = 8;

    // Groups of a layer's channels; 0: nothing is normalised.
    private readonly int _groups;

    private HiddenLayers(int groups) => _groups = groups;

    /// <summary>The fields of a member that normalises and drops out.</summary>
    internal static IReadOnlyList<FieldRule> Fields { get; } =
    [
        new(
            NormalizationName, FieldKind.Text,
            "normalisation of each example between a hidden layer and its activation, over all features of the layer or over groups of "
            + "its channels; default: none")
        {
            Words = ["none", Layer, Group],
            Refused = new Dictionary<string, string>
            {
                ["batch"] = "mixes the examples of a batch, so that the weights would depend on how it is divided among workers; "
                    + "take layer or group, which normalise each example by itself",
            },
        },
        GroupsField("number of groups of `normalization: group`; divides the channels of every hidden layer; default: 8"),
        DropoutField(
            "share of the channels of a hidden layer (of a fully connected one: of its features) that are set to 0 in training, for each "
            + "example anew; default: none"),
    ];

    /// <summary>Layers that are neither normalised nor dropped out.</summary>
    internal static HiddenLayers Plain { get; } = new(0);

    /// <summary>Whether they are normalised.</summary>
    internal bool Normalize => _groups > 0;

    /// <summary>Reads the fields of a member.</summary>
    /// <param name="spec">A member that has <see cref="Fields"/>.</param>
    /// <exception cref="BadInputException">A number of groups is given where there are none.</exception>
    internal static HiddenLayers Of(MemberSpec spec)
    {
        string normalization = spec.Has(NormalizationName) ? spec.Text(NormalizationName) : "none";
        if (normalization == Group) return Grouped(spec.Has(GroupsName) ? spec.Integer(GroupsName) : StandardGroups);
        if (spec.Has(GroupsName))
            throw new BadInputException(
                BadInputException.RunFile, "model.groups", FormattableString.Invariant($"{spec.Integer(GroupsName)}"),
                $"belongs to `normalization: {Group}`");
        return normalization == Layer ? Grouped(1) : Plain;
    }

    /// <summary>Layers that are normalised in groups of channels.</summary>
    /// <param name="groups">Number of groups.</param>
    internal static HiddenLayers Grouped(int groups) => new(groups);

    /// <summary>The field <c>groups</c>.</summary>
    internal static FieldRule GroupsField(string summary) => new(GroupsName, FieldKind.Integer, summary) { Min = 1, Max = 65_536 };

    /// <summary>The field <c>dropout</c>.</summary>
    internal static FieldRule DropoutField(string summary) =>
        new(Dropout.FieldName, FieldKind.Number, summary) { Min = 0, Max = 1, BelowMax = true };

    /// <summary>Parameters of the normalisation: all of them, and those of the largest tensor.</summary>
    /// <param name="channels">Channels of each hidden layer.</param>
    internal (Int128 All, Int128 Largest) Size(IEnumerable<int> channels)
    {
        Int128 all = 0, largest = 0;
        foreach (int count in Normalize ? channels : [])
        {
            all += 2 * (Int128)count;
            largest = Int128.Max(largest, count);
        }

        return (all, largest);
    }

    /// <summary>Declares the normalisation of a layer.</summary>
    /// <param name="parameters">Receives the parameters.</param>
    /// <param name="name">Their name, without <c>.weight</c> and <c>.bias</c>.</param>
    /// <param name="channels">The layer's channels, or features.</param>
    /// <returns>Null: it is not normalised.</returns>
    /// <exception cref="BadInputException">The channels are not a multiple of the groups.</exception>
    internal NormLayer? Declare(ParameterLayout.Builder parameters, string name, int channels)
    {
        if (!Normalize) return null;
        if (channels % _groups != 0)
            throw new BadInputException(
                BadInputException.RunFile, "model.groups", FormattableString.Invariant($"{_groups}"),
                FormattableString.Invariant($"must divide the channels of every hidden layer; one has {channels}"));
        return new NormLayer(
            parameters.Add($"{name}.weight", [channels], fanIn: 0, initialValue: 1f),
            parameters.Add($"{name}.bias", [channels], fanIn: 0), _groups);
    }

    /// <summary>Finishes a hidden layer, whose own activation is the identity where it is normalised.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The layer.</param>
    /// <param name="norm">Its normalisation, or null.</param>
    /// <param name="activation">Its activation, which is applied here where it is normalised.</param>
    /// <param name="masks">What is dropped; null: nothing.</param>
    internal static Node Finish(GraphBuilder graph, Node x, NormLayer? norm, Activation activation, DropoutMasks? masks)
    {
        if (norm is not null) x = graph.GroupNorm(x, norm.Scale, norm.Shift, norm.Groups, activation);
        return masks is null ? x : masks.Drop(graph, x);
    }
}
