using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Core;

namespace VaeCluster.Training.Runs;

/// <summary>result.json: how a run ended. Losses are in nats per example.</summary>
public sealed record RunResult
{
    private const long Longest = 1 << 24;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary><c>finished</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps among them that changed nothing, since loss or gradient was not finite (<c>training.nonFinite: skip</c>).</summary>
    public int SkippedSteps { get; init; }

    /// <summary>Epochs done.</summary>
    public required int Epochs { get; init; }

    /// <summary>SHA-256 over the flat little-endian float32 vector, in lower-case hexadecimal.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The same over the average of the weights that was judged in their place; null where none is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AverageSha256 { get; init; }

    /// <summary>Means over the last epoch's steps that were not skipped; null only in results of earlier versions.</summary>
    public required TrainResult? Train { get; init; }

    /// <summary>The data's own test split, else validation, else null.</summary>
    public required TestResult? Test { get; init; }

    /// <summary>The <see cref="KlMethod"/> of a KL that is estimated.</summary>
    public const string MonteCarlo = "monte-carlo";

    /// <summary>
    /// <see cref="MonteCarlo"/> if the KL terms here and in the metrics are estimated as log q(z|x) − log p(z); null: they are in closed form.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KlMethod { get; init; }

    /// <summary>Wall time of the whole run over all its sessions, start-up and evaluation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Examples a second over the time in steps.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Time of a step in this session.</summary>
    public required StepTimes StepMilliseconds { get; init; }

    /// <summary>Workers of this session.</summary>
    public required int Workers { get; init; }

    /// <summary>Threads of this session.</summary>
    public required int Threads { get; init; }

    /// <summary>The engine's arithmetic.</summary>
    public required string Engine { get; init; }

    /// <summary>The text of result.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads result.json.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="JsonException">The file is not a result.</exception>
    public static RunResult Read(string path)
    {
        if (RegularFile.WhyNot(path) is { } kind) throw new JsonException($"{path} is {kind}");
        if (new FileInfo(path).Length > Longest) throw new JsonException($"{path} is longer than a result");
        try
        {
            return JsonSerializer.Deserialize<RunResult>(File.ReadAllText(path), Json) ?? throw new JsonException($"{path} is empty");
        }
        catch (Exception fault) when (fault is InvalidOperationException or NotSupportedException)
        {
            throw new JsonException($"{path} holds text that is no Unicode", fault);
        }
    }
}
