namespace VaeCluster.Models.Zoo;

/// <summary>A model of the field that trains here, with a run file on data that comes with the program.</summary>
/// <param name="Name">Its name in <c>train --ready NAME</c>.</param>
/// <param name="Kind">Its <c>objective.kind</c>.</param>
/// <param name="Summary">What sets it apart, in one sentence.</param>
/// <param name="Paper">Authors, title and year.</param>
/// <param name="Formula">What is minimised, in nats per example.</param>
/// <param name="Shows">What to look at in its report.</param>
/// <param name="RunFile">The run file (YAML).</param>
public sealed record ZooModel(string Name, string Kind, string Summary, string Paper, string Formula, string Shows, string RunFile)
{
    /// <summary>The field of its <c>model</c> section that sets it apart, for example <c>prior: vamp</c>; null: none.</summary>
    public string? ModelField { get; init; }

    /// <summary>What it adds to the <c>model</c> section; empty: nothing.</summary>
    internal string Model { get; init; } = string.Empty;

    /// <summary>The fields of its <c>objective</c> section.</summary>
    internal string Objective { get; init; } = string.Empty;

    /// <summary>The network on MNIST, as the fields of <c>model</c>; null: the usual one.</summary>
    internal string? NetworkOnMnist { get; init; }

    /// <summary>What it adds to the <c>data</c> section; empty: nothing.</summary>
    internal string Corruption { get; init; } = string.Empty;

    /// <summary>The model with one more field in its <c>model</c> section.</summary>
    /// <param name="field">The field as the documentation names it.</param>
    /// <param name="text">The field with the fields of its choice.</param>
    internal ZooModel WithModel(string field, string text) => this with
    {
        ModelField = field,
        Model = $", {text}",
        RunFile = RunFile.Replace(", likelihood:", $", {text}, likelihood:", StringComparison.Ordinal),
    };
}
