using System.Text.Json;
using VaeCluster.Core.Formats;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Encodings;

/// <summary>
/// Writes the codes of a split for other tools, with one row per example: as float32 .npy arrays <c>means.npy</c> and
/// <c>log_variances.npy</c> [n, M], with <c>labels.npy</c> [n] and <c>factors.npy</c> [n, factors] if the data has them; or as the table
/// <c>codes.csv</c>. Beside them <c>files.txt</c> and <c>classes.json</c>, if the data has names of files and classes, and
/// <c>encoding.json</c>, which describes the folder.
/// </summary>
public static class EncodingWriter
{
    private const int BatchExamples = 256;
    private const string Means = "means.npy", LogVariances = "log_variances.npy", Labels = "labels.npy", Factors = "factors.npy";
    private const string Table = "codes.csv", Files = "files.txt", Classes = "classes.json", Description = "encoding.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // names of classes may be in any script
    };

    /// <summary>Writes a folder of codes; what an earlier call wrote there is replaced as a whole.</summary>
    /// <param name="model">The model.</param>
    /// <param name="split">The examples.</param>
    /// <param name="limit">Encode only the first this many; null: all.</param>
    /// <param name="folder">The folder; created if needed.</param>
    /// <param name="format">Arrays, a table, or both.</param>
    /// <param name="cancellationToken">Cancels between two batches, with nothing written.</param>
    /// <returns>The contents of encoding.json.</returns>
    public static EncodingInfo Write(
        ILatentModel model, Split split, int? limit, string folder, EncodingFormat format = EncodingFormat.Npy,
        CancellationToken cancellationToken = default)
    {
        int examples = Math.Min(split.Count, limit ?? int.MaxValue);
        float[] means = new float[checked(examples * model.Latent)], logVariances = new float[means.Length];
        Encode(model, split, examples, means, logVariances, cancellationToken);

        Directory.CreateDirectory(folder);

        // Arrays of other examples must not lie beside these.
        foreach (string name in (string[])[Description, Means, LogVariances, Labels, Factors, Table, Files, Classes])
            File.Delete(Path.Combine(folder, name));
        if (format != EncodingFormat.Csv)
        {
            Npy.Write(Path.Combine(folder, Means), [examples, model.Latent], means);
            Npy.Write(Path.Combine(folder, LogVariances), [examples, model.Latent], logVariances);
            if (split.Labels is { } labels) WriteLabels(labels, split, examples, Path.Combine(folder, Labels));
            if (split.Factors is { } factors) WriteFactors(factors, split, examples, Path.Combine(folder, Factors));
        }

        if (format != EncodingFormat.Npy) CodeTable.Write(Path.Combine(folder, Table), split, model.Latent, means, logVariances);
        if (split.FileNames is { } files)
        {
            // A line a file, whatever characters its name has.
            File.WriteAllLines(Path.Combine(folder, Files),
                Enumerable.Range(0, examples).Select(i => files[split.ExampleId(i)].ReplaceLineEndings("?")));
        }

        IReadOnlyList<string> classes = split.Labels?.ClassNames ?? [];
        if (classes.Count > 0) File.WriteAllText(Path.Combine(folder, Classes), JsonSerializer.Serialize(classes, Json) + "\n");

        var info = new EncodingInfo(split.Name, examples, model.Latent, split.Labels is not null, split.Factors?.FactorNames ?? [], classes,
            split.FileNames is not null);
        File.WriteAllText(Path.Combine(folder, Description), JsonSerializer.Serialize(info, Json) + "\n");
        return info;
    }

    private static void Encode(
        ILatentModel model, Split split, int examples, float[] means, float[] logVariances, CancellationToken cancellationToken)
    {
        int pixels = split.Image.Pixels, latent = model.Latent;
        var images = new float[BatchExamples * pixels];
        for (int first = 0; first < examples; first += BatchExamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rows = Math.Min(BatchExamples, examples - first);
            for (int i = 0; i < rows; i++) split.Read(first + i, epoch: 1, images.AsSpan(i * pixels, pixels));
            model.Encode(
                images.AsSpan(0, rows * pixels), means.AsSpan(first * latent, rows * latent),
                logVariances.AsSpan(first * latent, rows * latent));
        }
    }

    private static void WriteLabels(ILabels labels, Split split, int examples, string path)
    {
        var values = new float[examples];
        for (int i = 0; i < examples; i++) values[i] = labels.Label(split.ExampleId(i));
        Npy.Write(path, [examples], values);
    }

    private static void WriteFactors(IFactors factors, Split split, int examples, string path)
    {
        int count = factors.FactorNames.Count;
        var values = new float[checked(examples * count)];
        Span<int> row = new int[count];
        for (int i = 0; i < examples; i++)
        {
            factors.Factors(split.ExampleId(i), row);
            for (int f = 0; f < count; f++) values[(i * count) + f] = row[f];
        }

        Npy.Write(path, [examples, count], values);
    }
}
