using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="RunRefusedException"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.RunRefused")]
internal struct RunRefusedExceptionSurrogate
{
    /// <inheritdoc cref="RunRefusedException.Reason"/>
    [Id(0)]
    public RunRefusal Reason;

    /// <inheritdoc cref="RunRefusedException.Fault"/>
    [Id(1)]
    public BadInputException Fault;
}

[RegisterConverter]
internal sealed class RunRefusedExceptionConverter : IConverter<RunRefusedException, RunRefusedExceptionSurrogate>
{
    public RunRefusedException ConvertFromSurrogate(in RunRefusedExceptionSurrogate surrogate) => new(surrogate.Reason, surrogate.Fault);

    public RunRefusedExceptionSurrogate ConvertToSurrogate(in RunRefusedException value) => new()
    {
        Reason = value.Reason,
        Fault = value.Fault,
    };
}
