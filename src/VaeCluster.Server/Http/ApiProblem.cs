using VaeCluster.Core;

namespace VaeCluster.Server.Http;

/// <summary>An error of the API: problem details (RFC 9457) with the same message and parts as on the command line.</summary>
public sealed record ApiProblem
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>What is wrong, in one line.</summary>
    public required string Detail { get; init; }

    /// <summary>See <see cref="BadInputException.File"/>; null if no input is at fault.</summary>
    public string? File { get; init; }

    /// <summary>See <see cref="BadInputException.Field"/>.</summary>
    public string? Field { get; init; }

    /// <summary>See <see cref="BadInputException.Value"/>.</summary>
    public string? Value { get; init; }

    /// <summary>See <see cref="BadInputException.Allowed"/>.</summary>
    public string? Allowed { get; init; }
}
