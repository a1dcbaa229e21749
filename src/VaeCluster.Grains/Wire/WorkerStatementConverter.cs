using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="WorkerStatement"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class WorkerStatementConverter : IConverter<WorkerStatement, WorkerStatementSurrogate>
{
    public WorkerStatement ConvertFromSurrogate(in WorkerStatementSurrogate surrogate) => new(surrogate.Arithmetic, surrogate.Fingerprint);

    public WorkerStatementSurrogate ConvertToSurrogate(in WorkerStatement value) => new()
    {
        Arithmetic = value.Arithmetic,
        Fingerprint = value.Fingerprint,
    };
}
