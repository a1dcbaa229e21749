using VaeCluster.Core;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="BadInputException"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class BadInputExceptionConverter : IConverter<BadInputException, BadInputExceptionSurrogate>
{
    public BadInputException ConvertFromSurrogate(in BadInputExceptionSurrogate surrogate) =>
        new(surrogate.File, surrogate.Field, surrogate.Value, surrogate.Allowed);

    public BadInputExceptionSurrogate ConvertToSurrogate(in BadInputException value) => new()
    {
        File = value.File,
        Field = value.Field,
        Value = value.Value,
        Allowed = value.Allowed,
    };
}
