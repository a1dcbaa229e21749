using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using VaeCluster.Core.Parameters;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Fuzz.Targets;

/// <summary>
/// Manifest and state of a checkpoint, one after the other in an input, with a line of two dashes between. In half of the inputs the manifest's
/// digest fits the state.
/// </summary>
internal sealed partial class CheckpointTarget : FuzzTarget
{
    private const string Between = "\n--\n";

    private readonly CheckpointStore _store;
    private readonly CheckpointInfo _info;
    private readonly byte[] _seed;

    public CheckpointTarget()
    {
        var layout = new ParameterLayout.Builder();
        layout.Add("w", [3], 1);
        _store = new CheckpointStore(Path.Combine(Folder, "checkpoints"), layout.Build(), moments: 1);
        _info = _store.Write(new Checkpoint(new TrainingState { Step = 5, Updates = 5, Score = 1, BestScore = 2 }, new float[3], [new float[3]]), 2);
        _seed =
        [
            .. File.ReadAllBytes(Path.Combine(_info.Path, "manifest.json")), .. Encoding.UTF8.GetBytes(Between),
            .. File.ReadAllBytes(Path.Combine(_info.Path, "state.json")),
        ];
    }

    public override string Name => "checkpoint";

    public override IReadOnlyList<byte[]> Seeds => [_seed];

    public override IReadOnlyList<string> Words => ["{", "[", "null", "\"a\":", "\\ud800", "state.json", "../", "\"step\": ", Between, "1e999", "-"];

    public override bool IsRefusal(Exception fault) => fault is DamagedCheckpointException || base.IsRefusal(fault);

    public override void Run(byte[] input)
    {
        int end = input.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Between));
        File.WriteAllBytes(Path.Combine(_info.Path, "manifest.json"), end < 0 ? input : input[..end]);
        File.WriteAllBytes(Path.Combine(_info.Path, "state.json"), end < 0 ? [] : input[(end + Between.Length)..]);
        _ = _store.Best();
        Checkpoint read = _store.Read(_info);
        if (read.State.Step != _info.Step) throw new InvalidOperationException("the state is of another step than the checkpoint");
    }

    public override byte[] Repair(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        int end = text.IndexOf(Between, StringComparison.Ordinal);
        if (end < 0) return input;
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[(end + Between.Length)..])));
        return Encoding.UTF8.GetBytes(StateDigest().Replace(text, $"${{1}}{digest}", 1));
    }

    [GeneratedRegex("(\"state.json\": \")[0-9a-f]{64}")]
    private static partial Regex StateDigest();
}
