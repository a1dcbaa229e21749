using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="RunRefusedException"/>. An id is never reused for another member.</summary>
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
