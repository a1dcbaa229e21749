namespace VaeCluster.Core.Specs.Syntax;

/// <summary>Where a value was written, for error messages and for resolving relative paths.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">The line in it, from 1; null if unknown.</param>
/// <param name="BaseDirectory">The folder that paths are relative to.</param>
/// <param name="Override">The dotted field of the <c>--set</c> that gave the value; null if the file did.</param>
public sealed record SpecOrigin(string File, int? Line, string BaseDirectory, string? Override = null)
{
    /// <summary>An error at this place.</summary>
    /// <param name="field">The dotted field.</param>
    /// <param name="value">The value found, or null.</param>
    /// <param name="allowed">What is allowed.</param>
    public BadInputException Fault(string? field, string? value, string allowed)
    {
        if (Override is null) return new BadInputException(Line is null ? File : $"{File}:{Line}", field, value, allowed);
        return new BadInputException($"--set {Override}", field == Override ? null : field, value, allowed);
    }
}
