using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Zoo;
using VaeCluster.Training.Runs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Run files; what is read is written and read again.</summary>
internal sealed class RunYamlTarget : FuzzTarget
{
    public override string Name => "run-yaml";

    public override IReadOnlyList<byte[]> Seeds { get; } = Utf8([.. ModelZoo.Names.Select(name => ModelZoo.Find(name).RunFile), Anchors]);

    public override IReadOnlyList<string> Words =>
    [
        "[", "]", "{", "}", "- ", ": ", "? ", "&a ", "*a", "<<: *a", "!!str ", "|", ">", "\"", "'", "#", "---\n", "...", "%YAML 1.2\n", "\t", "\r",
        "\u0085", "\ufeff", "\u2028", "\\u0000", "\\ud800", "null", "~", ".nan", "a:\n ", "[1, ", "{ a: ",
    ];

    private const string Anchors = """
        name: &n anchors
        data: &d { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 8, y: 8 } }
        model: { <<: { latent: 3 }, architecture: mlp, hidden: [8, 4] }
        training: { epochs: 2, batch: 16, shards: 4 }
        """;

    public override void Run(byte[] input)
    {
        RunSpec spec = RunFile.Parse(Encoding.UTF8.GetString(input), "run.yaml", "/base", [], "/here", RunVocabulary.All);
        string written = RunFile.Write(spec);
        RunSpec again;
        try
        {
            again = RunFile.Parse(written, "run.yaml", "/base", [], "/here", RunVocabulary.All);
        }
        catch (BadInputException fault)
        {
            throw new InvalidOperationException("what was written cannot be read", fault);
        }

        if (RunFile.Write(again) != written) throw new InvalidOperationException("reading what was written gives another run");
    }
}
