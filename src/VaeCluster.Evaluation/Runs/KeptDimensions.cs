using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Core;
using VaeCluster.Data;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>
/// What each latent dimension carries, which the report shows and traversals are ordered by. A finished run keeps it in
/// <c>dimensions.json</c>, so that neither needs the data.
/// </summary>
/// <param name="WeightsSha256">SHA-256 of the weights that it is true of.</param>
/// <param name="Split">The split that was evaluated.</param>
/// <param name="Examples">How many of its examples.</param>
/// <param name="KlPerDimension">Mean KL of each dimension, nats per example.</param>
/// <param name="MeanVariances">Variance of μ of each dimension over the examples.</param>
public sealed record KeptDimensions(
    string WeightsSha256, string Split, int Examples, IReadOnlyList<double> KlPerDimension, IReadOnlyList<double> MeanVariances)
{
    // Enough for accurate bars, few enough to be fast.
    private const int MostExamples = 2000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads what a run folder keeps.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Null: nothing, or what is true of other weights.</returns>
    public static KeptDimensions? Read(TrainedRun run) => Read(run.Folder, run.WeightsSha256, run.Model.Latent);

    /// <summary>Reads what a run folder keeps.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="weightsSha256">SHA-256 of the weights that it must be true of.</param>
    /// <param name="latent">Latent dimensions of the model.</param>
    /// <returns>Null: nothing, or what is true of other weights.</returns>
    public static KeptDimensions? Read(RunFolder folder, string weightsSha256, int latent)
    {
        if (!File.Exists(folder.DimensionsPath)) return null;
        try
        {
            KeptDimensions? kept = JsonSerializer.Deserialize<KeptDimensions>(File.ReadAllText(folder.DimensionsPath), Json);
            return kept is { KlPerDimension: { } kl, MeanVariances: { } variances } && kept.WeightsSha256 == weightsSha256
                && kl.Count == latent && variances.Count == latent ? kept : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null; // it is measured again
        }
    }

    /// <summary>Measures the dimensions on the evaluated split; where the data cannot be read, on the examples that are kept.</summary>
    /// <param name="run">A run whose encoder gives a variance.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="BadInputException">The data cannot be read, and nothing is kept.</exception>
    public static KeptDimensions Measure(TrainedRun run, IEngine engine, int threads)
    {
        Split split = run.Source.Kept is { } kept && !IsAtHand(run) ? kept.ToSplits().Train : run.EvaluationSplit;
        int limit = Math.Min(MostExamples, run.Spec.Evaluation.Limit ?? int.MaxValue);
        var options = new SplitEvaluatorOptions { Seed = run.Spec.Evaluation.Seed, Limit = limit, Threads = threads };
        using var evaluator = new SplitEvaluator(engine, run.Model, options);
        SplitScores scores = evaluator.Score(run.Weights.Span, split);
        return new KeptDimensions(run.WeightsSha256, split.Name, scores.Examples, scores.KlPerDimension, scores.MeanVariances);
    }

    /// <summary>Keeps it in the run folder.</summary>
    /// <param name="run">The run.</param>
    public void Write(TrainedRun run) => DurableFile.Replace(run.Folder.DimensionsPath, JsonSerializer.Serialize(this, Json) + "\n");

    private static bool IsAtHand(TrainedRun run)
    {
        try
        {
            return run.EvaluationSplit.Count > 0;
        }
        catch (BadInputException)
        {
            return false;
        }
    }
}
