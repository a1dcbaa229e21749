using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Training.Files;

namespace VaeCluster.Evaluation.Scores;

/// <summary>The contents of <c>scores.json</c>: the scores of a run and everything that they depend on.</summary>
public sealed record ScoreFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Number of training steps of the weights.</summary>
    public required int Step { get; init; }

    /// <summary>SHA-256 of the flat little-endian float32 weights, in hexadecimal.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>Seed of the scores.</summary>
    public required long Seed { get; init; }

    /// <summary>See <see cref="ScoreOptions.Pool"/>.</summary>
    public required int Pool { get; init; }

    /// <summary>The split that the ELBO and its terms were evaluated on.</summary>
    public required string Split { get; init; }

    /// <summary>Limit of the number of its examples; null: all.</summary>
    public int? Examples { get; init; }

    /// <summary>The values by name.</summary>
    public required IReadOnlyDictionary<string, ScoreValue> Scores { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null if the file does not exist or is damaged; the scores can be measured again.</returns>
    public static ScoreFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            ScoreFile? file = JsonSerializer.Deserialize<ScoreFile>(File.ReadAllText(path), Json);
            return file is { Scores: { } scores } && scores.Values.All(score => score?.Parts is not null) ? file : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Adds scores to a file: existing scores of the same weights and settings are kept, all others are removed. The file is replaced
    /// atomically; a damaged one is replaced too.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The new contents of the file.</returns>
    public ScoreFile AddTo(string path)
    {
        ScoreFile? before = Read(path);
        var scores = new OrderedDictionary<string, ScoreValue>(StringComparer.Ordinal);
        if (before is not null && before with { Scores = Scores } == this)
            foreach ((string name, ScoreValue value) in before.Scores) scores[name] = value;
        foreach ((string name, ScoreValue value) in Scores) scores[name] = value;
        ScoreFile all = this with { Scores = scores };
        DurableFile.Replace(path, JsonSerializer.Serialize(all, Json) + "\n");
        return all;
    }
}
