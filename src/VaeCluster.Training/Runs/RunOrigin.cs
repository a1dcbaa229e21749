using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Training.Files;

namespace VaeCluster.Training.Runs;

/// <summary>
/// origin.json: what a run was made from, written when it begins. A run that goes on compares its run file and data with it, so that what
/// its folder says of the weights stays true.
/// </summary>
public sealed record RunOrigin
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The resolved run file, as the run began with it.</summary>
    public required string RunFile { get; init; }

    /// <summary>The data.</summary>
    public required DataRecord Data { get; init; }

    /// <summary>The run whose weights it began with; null: it drew its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunSource? From { get; init; }

    /// <summary>Reads the file of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <returns>Null: the run has not begun, or it began in a version that recorded nothing.</returns>
    /// <exception cref="BadInputException">The file is damaged.</exception>
    public static RunOrigin? Read(RunFolder folder)
    {
        if (!File.Exists(folder.OriginPath)) return null;
        RegularFile.Demand(folder.OriginPath);
        try
        {
            using FileStream stream = File.OpenRead(folder.OriginPath);
            RunOrigin? origin = JsonSerializer.Deserialize<RunOrigin>(stream, Json);
            if (origin is { RunFile: not null, Data.Training: not null }) return origin;
        }
        catch (Exception fault) when (
            fault is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
        {
            throw Damaged(folder, fault);
        }

        throw Damaged(folder, null);
    }

    /// <summary>Writes the file of a run, whole or not at all.</summary>
    /// <param name="folder">The run's folder.</param>
    public void Write(RunFolder folder) => DurableFile.Replace(folder.OriginPath, JsonSerializer.Serialize(this, Json));

    /// <summary>Refuses to go on with another run file or other data than the run began with.</summary>
    /// <param name="folder">The run's folder as the user named it.</param>
    /// <param name="spec">The resolved run file as it is now.</param>
    /// <param name="data">The data as they are now.</param>
    /// <param name="exceptEpochs">Whether more epochs are asked for.</param>
    /// <exception cref="BadInputException">Something differs.</exception>
    internal void Demand(string folder, RunSpec spec, DataSplits data, bool exceptEpochs)
    {
        string file = Path.Combine(folder, "run.yaml");
        string way = $"to train these weights further, start a new run: train RUNFILE --from {folder}";
        if (Changes(spec).FirstOrDefault(change => !exceptEpochs || change.Field != "training.epochs") is { } change)
            throw new BadInputException(
                file, change.Field, change.After ?? "missing", $"the run began with {change.Before ?? "no such field"}; {way}");
        if (data.DifferenceFrom(Data) is { } difference)
            throw new BadInputException(file, "data", null, $"{difference}; put the old data back; {way}");
    }

    /// <summary>What differs from what the run began with, one line each; none: nothing.</summary>
    /// <param name="spec">The resolved run file as it is now.</param>
    /// <param name="data">The data as they are now; null: not open.</param>
    public IEnumerable<string> Differences(RunSpec spec, DataSplits? data)
    {
        foreach (FieldChange change in Changes(spec))
        {
            (string before, string after) = (change.Before ?? "no such field", change.After ?? "missing");
            yield return $"run.yaml: {change.Field} is {after}; the run was trained with {before}";
        }

        if (data?.DifferenceFrom(Data) is { } difference) yield return $"not the data that the run was trained on: {difference}";
    }

    // Fields that change neither the weights nor what is measured of them. Data are compared by their content, wherever they lie.
    private IEnumerable<FieldChange> Changes(RunSpec spec)
    {
        string[] paths =
        [
            .. RunVocabulary.All.Datasets.First(member => member.Name == spec.Data.Dataset.Name).Fields
                .Where(field => field.Kind == FieldKind.Path).Select(field => $"data.{field.Name}"),
        ];
        string[] free = ["name", "checkpoint.keep", "data.fingerprint", .. paths];
        return RunFileChanges.Between(Normal(), Core.Specs.RunFile.Write(spec)).Where(change =>
            !free.Contains(change.Field)
            && !(change.Field == "checkpoint.everySteps" && spec.Training.NonFinite != NonFinitePolicy.Halve));
    }

    // Read and written again, so that fields of a later version have their defaults in both.
    private string Normal()
    {
        try
        {
            string folder = Path.GetTempPath();
            return Core.Specs.RunFile.Write(Core.Specs.RunFile.Parse(RunFile, "origin.json", folder, [], folder, RunVocabulary.All));
        }
        catch (BadInputException)
        {
            return RunFile;
        }
    }

    private static BadInputException Damaged(RunFolder folder, Exception? fault) =>
        new(folder.OriginPath, null, null, "does not hold what the run was made from; restore the file", fault);
}
