using System.Text;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Values of <c>--set</c>, one a line.</summary>
internal sealed class OverridesTarget : FuzzTarget
{
    private const string File = "data: { dataset: dsprites }\nmodel: { architecture: mlp }\n";

    public override string Name => "overrides";

    public override IReadOnlyList<byte[]> Seeds { get; } = Utf8(
        "objective.beta=4", "model.hidden=[400, 200]\ntraining.seed=3", "objective.schedule=linear\nobjective.schedule.steps=7",
        "data={ dataset: npy, path: a.npy }", "name=\"a b\"", "data.strides={ x: 2, y: 2 }");

    public override IReadOnlyList<string> Words =>
        ["a.", ".", "=", "[", "{", "]", "}", "training.", "model.hidden=", "&a ", "*a", "\"", "'", ": ", "null", "\n", "objective.schedule."];

    public override void Run(byte[] input)
    {
        string[] overrides = Encoding.UTF8.GetString(input).Split('\n');
        _ = RunFile.Write(RunFile.Parse(File, "run.yaml", "/base", overrides, "/here", RunVocabulary.All));
    }
}
