using System.Globalization;
using System.IO.Compression;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Runs;

namespace VaeCluster.Evaluation.Export;

/// <summary>Exports a run's weights for other tools.</summary>
public static class ModelExport
{
    // A fixed time for archive entries, so that the same weights give the same bytes.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the weights. Existing files are replaced, but only once the new ones are complete.</summary>
    /// <param name="run">The run.</param>
    /// <param name="format">The format.</param>
    /// <param name="path">The file, or for ONNX the folder; folders are created.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="BadInputException">The model has an operation that ONNX export does not support.</exception>
    public static IReadOnlyList<string> Write(TrainedRun run, ExportFormat format, string path)
    {
        foreach ((string file, Action<Stream> write) in Parts(run, format, path))
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } parent) Directory.CreateDirectory(parent);
            string temporary = file + ".writing";
            using (FileStream stream = File.Create(temporary)) write(stream);
            File.Move(temporary, file, overwrite: true);
        }

        return Files(format, path);
    }

    /// <summary>The files that an export writes.</summary>
    /// <param name="format">The format.</param>
    /// <param name="path">The file, or for ONNX the folder.</param>
    public static IReadOnlyList<string> Files(ExportFormat format, string path) =>
        format == ExportFormat.Onnx ? [Path.Combine(path, "encoder.onnx"), Path.Combine(path, "decoder.onnx")] : [path];

    /// <summary>Writes a run's weights as safetensors.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">The destination.</param>
    internal static void WriteSafetensors(TrainedRun run, Stream stream)
    {
        List<SafetensorsTensor> tensors =
            [.. run.Model.Layout.Slices.Select(
                slice => SafetensorsTensor.FromSingles(slice.Name, slice.Shape, slice.Of(run.Weights.Span)))];
        var metadata = new Dictionary<string, string>
        {
            ["producer"] = "VaeCluster",
            ["step"] = run.Step.ToString(CultureInfo.InvariantCulture),
            ["run"] = RunFile.Write(run.Spec),
            ["image"] = string.Create(
                CultureInfo.InvariantCulture, $"[{run.Model.Image.Channels}, {run.Model.Image.Height}, {run.Model.Image.Width}]"),
            ["latent"] = run.Model.Latent.ToString(CultureInfo.InvariantCulture),
        };
        foreach ((string key, string? layers) in new[]
        {
            ("encoder.mean", LayerList.Of(run.Model.Encoder, "mean")),
            ("encoder.logVariance", LayerList.Of(run.Model.Encoder, "logVariance")),
            ("decoder.mean", LayerList.Of(run.Model.Decoder, "mean")),
        })
        {
            if (layers is not null) metadata[key] = layers;
        }

        Safetensors.Write(stream, tensors, metadata);
    }

    /// <summary>Writes a run's weights as an npz archive.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">The destination.</param>
    internal static void WriteNpz(TrainedRun run, Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (ParameterSlice slice in run.Model.Layout.Slices)
        {
            ZipArchiveEntry entry = archive.CreateEntry(slice.Name + ".npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            using Stream content = entry.Open();
            Npy.Write(content, slice.Shape, slice.Of(run.Weights.Span));
        }
    }

    private static IEnumerable<(string File, Action<Stream> Write)> Parts(TrainedRun run, ExportFormat format, string path)
    {
        if (format != ExportFormat.Onnx)
            return [(path, stream => { if (format == ExportFormat.Npz) WriteNpz(run, stream); else WriteSafetensors(run, stream); })];

        // Both models are encoded before either is written, so that an unsupported model leaves no files.
        byte[][] models = [OnnxExport.Encode(
            run.Model.Encoder, "encoder", run.Weights.Span), OnnxExport.Encode(run.Model.Decoder, "decoder", run.Weights.Span)];
        return Files(format, path).Zip(models, (file, bytes) => (file, (Action<Stream>)(stream => stream.Write(bytes))));
    }
}
