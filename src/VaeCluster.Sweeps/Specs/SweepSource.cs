using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Sweeps.Specs;

/// <summary>The texts that a sweep is read from.</summary>
public sealed record SweepSource
{
    /// <summary>The sweep file.</summary>
    public required string Text { get; init; }

    /// <summary>Its name, for faults.</summary>
    public required string FileName { get; init; }

    /// <summary>The folder that its paths are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>Finds the run file that the sweep file names as its base; it is given the name and throws where there is none.</summary>
    public required Func<SpecScalar, SpecMap> Base { get; init; }

    /// <summary>Values that win over those of both files, such as <c>search.trials=40</c> or <c>training.epochs=2</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The folder that their paths are relative to.</summary>
    public required string OverrideFolder { get; init; }
}
