using VaeCluster.Sweeps.Running;

namespace VaeCluster.Fuzz.Targets;

/// <summary>The logs of a sweep, and its summary.</summary>
internal sealed class SweepLogTarget : FuzzTarget
{
    private const string Trial = "{\"index\":0,\"parameters\":{\"objective.beta\":1},\"seed\":1,\"status\":\"finished\",\"folder\":\"trials/0000\",\"steps\":5,"
        + "\"totalSteps\":5,\"scores\":{\"elbo\":-3.5},\"weightsSha256\":\"ab\",\"failures\":0}";

    public override string Name => "sweep-log";

    public override int Longest => 1 << 12;

    public override int Inputs => 5_000;

    public override IReadOnlyList<byte[]> Seeds { get; } = Utf8(
        $"{Trial}\n{Trial.Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal)}\n",
        "{\"kind\":\"begin\",\"trial\":0,\"parameters\":{\"objective.beta\":1},\"seed\":1,\"step\":0,\"totalSteps\":5}\n"
        + "{\"kind\":\"score\",\"trial\":0,\"epoch\":1,\"step\":3,\"scores\":{\"elbo\":-3.5}}\n"
        + "{\"kind\":\"suggestion\",\"setting\":0,\"parameters\":{\"objective.beta\":1}}\n"
        + "{\"kind\":\"ranking\",\"setting\":0,\"rankings\":{\"0\":{\"udr\":0.5}}}\n"
        + $"{{\"kind\":\"ended\",\"trial\":0,\"record\":{Trial}}}\n");

    public override IReadOnlyList<string> Words =>
        ["{", "}", "[", "\n", "\"kind\":", "\"trial\":", "\"index\":", "null", "\\ud800", "\0", "1e999", "\"NaN\"", "../", "\"record\":"];

    public override bool IsRefusal(Exception fault) => false;

    public override void Run(byte[] input)
    {
        var folder = new SweepFolder(Folder);
        foreach (string path in new[] { folder.LogPath, folder.TrialsPath, folder.SummaryPath }) File.WriteAllBytes(path, input);
        _ = SweepJournal.ReadEnded(folder).Sum(record => record.Scores.Count + record.Folder.Length);
        _ = SweepJournal.ReadLog(folder).Count(line => line.Kind.Length > 0);
        _ = SweepJournal.ReadSummary(folder);
    }
}
