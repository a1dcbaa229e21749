using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Cli.Runs;

/// <summary>What <c>evaluate --metrics</c> answers of one run.</summary>
/// <param name="Folder">The run folder as the user named it.</param>
/// <param name="Run">The run's name.</param>
/// <param name="File">The scores and what they depend on.</param>
internal sealed record ScoreResult(string Folder, string Run, ScoreFile File)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A small table.</summary>
    internal string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Run}, step {File.Step}, seed {File.Seed}: {Folder}");
        foreach ((string name, ScoreValue score) in File.Scores)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  {name,-20}{score.Value,12:0.0000}");
            IEnumerable<string> parts = score.Parts.Select(part =>
                string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0.####}"));
            if (score.Parts.Count > 0) text.Append("   ").AppendJoin("  ", parts);
        }

        return text.ToString();
    }

    /// <summary>One JSON object, or an array of one a run where there are several.</summary>
    internal static string ToJson(IReadOnlyList<ScoreResult> answers)
    {
        var objects = answers.Select(answer => new
        {
            answer.Folder,
            answer.Run,
            answer.File.Step,
            answer.File.WeightsSha256,
            answer.File.Seed,
            answer.File.Split,
            answer.File.Scores,
        }).ToArray();
        return objects.Length == 1 ? JsonSerializer.Serialize(objects[0], Json) : JsonSerializer.Serialize(objects, Json);
    }
}
