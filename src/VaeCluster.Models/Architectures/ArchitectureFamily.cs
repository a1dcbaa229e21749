using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>The architectures that a run file may name. A new one is one new file and one line here.</summary>
public static class ArchitectureFamily
{
    private static readonly (Member Member, Func<MemberSpec, ArchitectureShape, ParameterLayout.Builder, Architecture> Create)[] All =
    [
        (MlpArchitecture.Member, (spec, shape, parameters) => new MlpArchitecture(spec, shape, parameters)),
        (ConvArchitecture.BurgessMember, (_, shape, parameters) => new ConvArchitecture(ConvPlan.Burgess(shape.Image), shape, parameters)),
        (ConvArchitecture.StudyMember, (_, shape, parameters) => new ConvArchitecture(ConvPlan.Study(shape.Image), shape, parameters)),
        (ConvArchitecture.LayersMember, (spec, shape, parameters) => new ConvArchitecture(ConvPlan.FromRunFile(spec), shape, parameters)),
    ];

    /// <summary>What a run file may say of each.</summary>
    public static IReadOnlyList<Member> Members { get; } = [.. All.Select(entry => entry.Member)];

    /// <summary>The architecture that a run file names, its parameters declared.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="shape">The sizes it has to fit.</param>
    /// <param name="parameters">Where its parameters are declared.</param>
    /// <exception cref="Core.BadInputException">The architecture does not fit the images.</exception>
    public static Architecture Create(MemberSpec spec, ArchitectureShape shape, ParameterLayout.Builder parameters) =>
        All.First(entry => entry.Member.Name == spec.Name).Create(spec, shape, parameters);

    /// <summary>The field that names the function between layers.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="summary">What it means.</param>
    /// <param name="standard">Its default, or null.</param>
    internal static FieldRule ActivationField(string name, string summary, string? standard) =>
        new(name, FieldKind.Text, summary) { Default = standard, Words = ["relu", "tanh", "leaky-relu", "softplus"] };

    /// <summary>The activation that a run file names.</summary>
    /// <param name="name">One of the words of <see cref="ActivationField"/>.</param>
    internal static Activation ParseActivation(string name) => name switch
    {
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        "leaky-relu" => Activation.LeakyRelu,
        "softplus" => Activation.Softplus,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not an activation"),
    };
}
