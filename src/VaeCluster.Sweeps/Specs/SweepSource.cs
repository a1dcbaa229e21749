using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Sweeps.Specs;

/// <summary>The text of a sweep file and its context.</summary>
public sealed record SweepSource
{
    /// <summary>The text of the sweep file.</summary>
    public required string Text { get; init; }

    /// <summary>Its name, for error messages.</summary>
    public required string FileName { get; init; }

    /// <summary>The folder to which its paths are relative.</summary>
    public required string Folder { get; init; }

    /// <summary>Reads the base run file, given its name; throws if there is none.</summary>
    public required Func<SpecScalar, SpecMap> Base { get; init; }

    /// <summary>Values that replace those in both files, such as <c>search.trials=40</c> or <c>training.epochs=2</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The folder to which paths in the overrides are relative.</summary>
    public required string OverrideFolder { get; init; }
}
