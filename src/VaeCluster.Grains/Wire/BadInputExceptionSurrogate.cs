using VaeCluster.Core;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="BadInputException"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.BadInput")]
internal struct BadInputExceptionSurrogate
{
    /// <inheritdoc cref="BadInputException.File"/>
    [Id(0)]
    public string File;

    /// <inheritdoc cref="BadInputException.Field"/>
    [Id(1)]
    public string? Field;

    /// <inheritdoc cref="BadInputException.Value"/>
    [Id(2)]
    public string? Value;

    /// <inheritdoc cref="BadInputException.Allowed"/>
    [Id(3)]
    public string Allowed;
}

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
