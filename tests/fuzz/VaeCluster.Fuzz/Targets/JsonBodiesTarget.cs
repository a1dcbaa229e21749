using System.Text.Json;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Fuzz.Targets;

/// <summary>What the HTTP API reads into: submissions, and the states that the service keeps. JSON that is none is a JsonException.</summary>
internal sealed class JsonBodiesTarget : FuzzTarget
{
    public override string Name => "json-bodies";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        JsonSerializer.SerializeToUtf8Bytes(
            new RunSubmission { RunFile = "name: a", Overrides = ["a.b=1"], Workers = 2, Key = "k", From = "001-a@best" }, ApiJson.Options),
        JsonSerializer.SerializeToUtf8Bytes(new SweepSubmission { SweepFile = "name: a", BaseFile = "b", Overrides = ["a=1"] }, ApiJson.Options),
        JsonSerializer.SerializeToUtf8Bytes(
            new StoredRun { Id = "001-a", Submitted = DateTimeOffset.UnixEpoch, Workers = 1, State = RunState.Running }, ApiJson.Options),
    ];

    public override IReadOnlyList<string> Words => ["[", "{", "\"a\":", "null", "\\ud800", "\\u0000", "true", ",", "1e999", "\"NaN\""];

    public override bool IsRefusal(Exception fault) => fault is JsonException;

    public override void Run(byte[] input)
    {
        // In turn, so that one that is refused does not hide the others.
        JsonException? refused = null;
        foreach (Type type in new[] { typeof(RunSubmission), typeof(SweepSubmission), typeof(StoredRun) })
        {
            try
            {
                _ = JsonSerializer.Deserialize(input, type, ApiJson.Options);
            }
            catch (JsonException fault)
            {
                refused = fault;
            }
        }

        if (refused is not null) throw refused;
    }
}
