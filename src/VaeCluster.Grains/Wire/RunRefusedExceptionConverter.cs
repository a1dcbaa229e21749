using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="RunRefusedException"/> into what crosses the wire, and back.</summary>
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
