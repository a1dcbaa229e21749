using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>The architectures that a run file may choose from. A new one needs one new file and one line here.</summary>
public static class ArchitectureFamily
{
    private static readonly (Member Member, Func<MemberSpec, ArchitectureShape, ParameterLayout.Builder, Architecture> Create)[] All =
    [
        (MlpArchitecture.Member, (spec, shape, parameters) => new MlpArchitecture(spec, shape, parameters)),
        (ConvArchitecture.BurgessMember, (_, shape, parameters) => new ConvArchitecture(ConvPlan.Burgess(shape.Image), shape, parameters)),
        (ConvArchitecture.StudyMember, (_, shape, parameters) => new ConvArchitecture(ConvPlan.Study(shape.Image), shape, parameters)),
        (ConvArchitecture.LayersMember, (spec, shape, parameters) => new ConvArchitecture(ConvPlan.FromRunFile(spec), shape, parameters)),
        (ResNetArchitecture.Member, (spec, shape, parameters) => new ResNetArchitecture(spec, shape, parameters)),
    ];

    /// <summary>The architectures with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>Creates an architecture and declares its parameters.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="shape">The sizes that it must have.</param>
    /// <param name="parameters">Receives its parameters.</param>
    /// <exception cref="Core.BadInputException">The architecture does not fit the images.</exception>
    public static Architecture Create(MemberSpec spec, ArchitectureShape shape, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(spec, shape, parameters);

    /// <summary>A field that selects an activation function.</summary>
    internal static FieldRule ActivationField(string name, string summary, string? standard) =>
        new(name, FieldKind.Text, summary) { Default = standard, Words = ["relu", "tanh", "leaky-relu", "softplus", "silu"] };

    /// <summary>The activation with this name, one of the words of <see cref="ActivationField"/>.</summary>
    internal static Activation ParseActivation(string name) => name switch
    {
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        "leaky-relu" => Activation.LeakyRelu,
        "softplus" => Activation.Softplus,
        "silu" => Activation.Silu,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown activation"),
    };
}
