using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="Assignment"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class AssignmentConverter : IConverter<Assignment, AssignmentSurrogate>
{
    public Assignment ConvertFromSurrogate(in AssignmentSurrogate surrogate) =>
        new(surrogate.Plan, surrogate.Nodes, surrogate.Trace, surrogate.Exchange);

    public AssignmentSurrogate ConvertToSurrogate(in Assignment value) => new()
    {
        Plan = value.Plan,
        Nodes = [.. value.Nodes],
        Trace = value.Trace,
        Exchange = value.Exchange,
    };
}
