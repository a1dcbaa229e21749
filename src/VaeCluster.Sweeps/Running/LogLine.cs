using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>A line of sweep.jsonl; its kind determines which fields it has.</summary>
public sealed record LogLine
{
    /// <summary>A setting was suggested from results: <see cref="Setting"/>, <see cref="Parameters"/>, <see cref="From"/>.</summary>
    public const string Suggestion = "suggestion";

    /// <summary>
    /// A trial started or resumed: <see cref="Trial"/>, <see cref="Parameters"/>, <see cref="Seed"/>, <see cref="Step"/>.
    /// </summary>
    public const string Begin = "begin";

    /// <summary>
    /// A trial was evaluated: <see cref="Trial"/>, <see cref="Epoch"/>, <see cref="Step"/>, <see cref="Scores"/>, <see cref="Stop"/>.
    /// </summary>
    public const string Score = "score";

    /// <summary>A trial failed: <see cref="Trial"/>, <see cref="Error"/>.</summary>
    public const string Failure = "failure";

    /// <summary>A trial ended: <see cref="Trial"/>, <see cref="Record"/>.</summary>
    public const string End = "ended";

    /// <summary>Scores that compare the trials of a setting: <see cref="Setting"/>, <see cref="Rankings"/>.</summary>
    public const string Ranking = "ranking";

    /// <summary>The sweep was changed: <see cref="Changes"/>.</summary>
    public const string Change = "change";

    /// <summary>The sweep ended: <see cref="Status"/>.</summary>
    public const string Finish = "finish";

    /// <summary>The kind of line: one of the constants.</summary>
    public required string Kind { get; init; }

    /// <summary>When the line was written (UTC).</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Index of the trial.</summary>
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

    /// <summary>The settings whose results a setting was suggested from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? From { get; init; }

    /// <summary>Epochs done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Epoch { get; init; }

    /// <summary>Steps done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Step { get; init; }

    /// <summary>Total steps of the trial.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TotalSteps { get; init; }

    /// <summary>Scores by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Scores { get; init; }

    /// <summary>Scores by the index of a trial, then by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, double>>? Rankings { get; init; }

    /// <summary>Why the trial stops here; null if it continues.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stop { get; init; }

    /// <summary>The error message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What was changed, such as <c>parallel=4</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The final status of the sweep; see <see cref="SweepSummary.Status"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>The trial's record, as in trials.jsonl.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrialRecord? Record { get; init; }

    /// <summary>Whether a line of this kind has what it must; one that was written by hand, or half lost, may not.</summary>
    internal bool IsWhole => (Trial is null or (>= 0 and < SearchFamily.MostTrials)) && Kind switch
    {
        Suggestion => Setting is not null && Parameters is not null,
        Begin => Trial is not null && Parameters is not null,
        Score => Trial is not null && Epoch is not null && Step is not null && Scores is not null,
        Failure => Trial is not null,
        End => Trial is not null && (Record is null || (Record.IsWhole && Record.Index == Trial)),
        Ranking => Setting is not null && Rankings is not null && Rankings.All(ranking => ranking.Value is not null),
        null => false,
        _ => true,
    };
}
