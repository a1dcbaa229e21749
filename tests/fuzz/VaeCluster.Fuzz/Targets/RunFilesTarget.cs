using System.Text.Json;
using VaeCluster.Core.Formats;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Models.Zoo;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>
/// Files that a run folder holds in JSON: origin.json, result.json, scores.json, dimensions.json, the state of the service; and its kept
/// examples.
/// </summary>
internal sealed class RunFilesTarget : FuzzTarget
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public override string Name => "run-files";

    public override int Inputs => 5_000;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        JsonSerializer.SerializeToUtf8Bytes(
            new RunOrigin
            {
                RunFile = ModelZoo.Find(ModelZoo.Names[0]).RunFile,
                Data = new DataRecord(new ImageSetRecord(3, "28×28", "ab", null, null), null, null),
            },
            Json),
        .. Utf8(
            "{\"status\":\"finished\",\"steps\":5,\"skippedSteps\":0,\"epochs\":1,\"weightsSha256\":\"ab\","
            + "\"train\":{\"loss\":1,\"elbo\":-1,\"reconstruction\":1,\"kl\":0},\"test\":null,\"seconds\":1,\"samplesPerSecond\":2,"
            + "\"stepMilliseconds\":{\"p50\":1,\"p90\":2},\"workers\":1,\"threads\":1,\"engine\":\"m\"}",
            "{\"weightsSha256\":\"ab\",\"seed\":0,\"scores\":{\"mig\":{\"value\":1,\"parts\":{\"a\":1}}}}",
            "{\"id\":\"001-a\",\"submitted\":\"2026-01-01T00:00:00Z\",\"workers\":1,\"state\":\"running\",\"version\":3,\"notes\":[\"a\"]}",
            "{\"weightsSha256\":\"ab\",\"split\":\"test\",\"examples\":5,\"klPerDimension\":[1,0.5],\"meanVariances\":[1,\"NaN\"]}"),
        Examples(),
    ];

    public override IReadOnlyList<string> Words =>
        ["{", "}", "[", "\"a\":", "null", "\\ud800", "1e999", "\"NaN\"", "true", "\"runFile\":", "\"data\":"];

    public override bool IsRefusal(Exception fault) => fault is JsonException || base.IsRefusal(fault);

    public override void Run(byte[] input)
    {
        string run = Path.Combine(Folder, "001-a");
        Directory.CreateDirectory(run);
        var folder = new RunFolder(run);
        foreach (string path in new[]
        {
            folder.OriginPath, folder.ResultPath, folder.ScoresPath, folder.DimensionsPath, folder.ExamplesPath,
            Path.Combine(run, FileRunStore.RunsFile),
        })
            File.WriteAllBytes(path, input);
        Exception? refused = null;
        foreach (Action read in new Action[]
        {
            () => RunOrigin.Read(folder), () => RunResult.Read(folder.ResultPath), () => ScoreFile.Read(folder.ScoresPath),
            () => KeptDimensions.Read(folder, "ab", latent: 2), () => KeptExamples.Read(folder, _ => { }), () => FileRunStore.StateIn(run),
        })
        {
            try
            {
                read();
            }
            catch (Exception fault) when (IsRefusal(fault))
            {
                refused = fault;
            }
        }

        if (refused is not null) throw new JsonException(refused.Message, refused);
    }

    private static byte[] Examples()
    {
        using var file = new MemoryStream();
        Safetensors.Write(
            file, [SafetensorsTensor.FromSingles("images", [1, 1, 2, 2], new float[4])],
            new Dictionary<string, string> { ["examples"] = "{\"split\":\"test\",\"seed\":0,\"sizes\":{},\"positions\":[0]}" });
        return file.ToArray();
    }
}
