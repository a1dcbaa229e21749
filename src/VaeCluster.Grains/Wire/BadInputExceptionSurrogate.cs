using VaeCluster.Core;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="BadInputException"/> crosses the wire. Ids are never used again for anything else.</summary>
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
