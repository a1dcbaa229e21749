using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="WorkerStatement"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.WorkerStatement")]
internal struct WorkerStatementSurrogate
{
    /// <inheritdoc cref="WorkerStatement.Arithmetic"/>
    [Id(0)]
    public string Arithmetic;

    /// <inheritdoc cref="WorkerStatement.Fingerprint"/>
    [Id(1)]
    public string Fingerprint;
}
