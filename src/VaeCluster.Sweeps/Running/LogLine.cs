using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>A line of sweep.jsonl; which of its fields it has is for its kind to say.</summary>
public sealed record LogLine
{
    /// <summary>A setting was made from results: <see cref="Setting"/>, <see cref="Parameters"/>, <see cref="From"/>.</summary>
    public const string Suggestion = "suggestion";

    /// <summary>A trial began, or goes on: <see cref="Trial"/>, <see cref="Parameters"/>, <see cref="Seed"/>, <see cref="Step"/>.</summary>
    public const string Begin = "begin";

    /// <summary>A trial was measured: <see cref="Trial"/>, <see cref="Epoch"/>, <see cref="Step"/>, <see cref="Scores"/>, <see cref="Stop"/>.</summary>
    public const string Score = "score";

    /// <summary>A trial failed: <see cref="Trial"/>, <see cref="Error"/>.</summary>
    public const string Failure = "failure";

    /// <summary>A trial ended: <see cref="Trial"/>, <see cref="Record"/>.</summary>
    public const string End = "ended";

    /// <summary>Scores that compare the trials of a setting: <see cref="Setting"/>, <see cref="Rankings"/>.</summary>
    public const string Ranking = "ranking";

    /// <summary>The sweep was changed: <see cref="Changes"/>.</summary>
    public const string Change = "change";

    /// <summary>The sweep came to an end: <see cref="Status"/>.</summary>
    public const string Finish = "finish";

    /// <summary>What the line says.</summary>
    public required string Kind { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The trial that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Trial { get; init; }

    /// <summary>The number of a setting.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Setting { get; init; }

    /// <summary>The values of a setting.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>The trial's <c>training.seed</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get; init; }

    /// <summary>The trials whose results a setting was made from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? From { get; init; }

    /// <summary>Epochs done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Epoch { get; init; }

    /// <summary>Steps done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Step { get; init; }

    /// <summary>Steps of the whole trial.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TotalSteps { get; init; }

    /// <summary>What was measured, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Scores { get; init; }

    /// <summary>Scores by the index of a trial, then by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, double>>? Rankings { get; init; }

    /// <summary>Why the trial stops here; null: it goes on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stop { get; init; }

    /// <summary>What went wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What was changed, such as <c>parallel=4</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>How the sweep ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>The trial as trials.jsonl has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrialRecord? Record { get; init; }
}
