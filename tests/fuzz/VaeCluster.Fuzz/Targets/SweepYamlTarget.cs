using System.Text;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Sweep files, with their first trials. Every value of a space is tried in a run file, so an input takes long.</summary>
internal sealed class SweepYamlTarget : FuzzTarget
{
    private const string Base = """
        base:
          data: { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 8, y: 8 } }
          model: { architecture: mlp, hidden: [8], latent: 2 }
          objective: { kind: beta-vae }
          training: { epochs: 4, batch: 16, shards: 4 }

        """;

    public override string Name => "sweep-yaml";

    public override int Inputs => 2_000;

    public override IReadOnlyList<byte[]> Seeds { get; } = Utf8(
        Base + "space: { objective.beta: [1, 2], model.latent: { values: [2, 3] } }\nseeds: [1, 2]\n",
        Base + "space: { training.learningRate: { min: 1.0e-4, max: 0.01, log: true } }\nsearch: { kind: tpe, trials: 5 }\nstop: { kind: asha, grace: 2, reduction: 4 }\n",
        Base + "space: { training.batch: { min: 16, max: 64, step: 16 } }\nsearch: { kind: grid, order: shuffled }\nobjective: [mig, kl]\n",
        Base + "space:\n  objective.schedule: [constant, linear]\n  objective.schedule.steps: { values: [5, 10], when: { objective.schedule: linear } }\n",
        Base + "space: { objective.beta: { min: 1, max: 8, integer: true } }\nsearch: { kind: sobol, trials: 8 }\nparallel: 2\nmaxFailures: 0\n");

    public override IReadOnlyList<string> Words =>
        ["[", "]", "{", "}", "min: ", "max: ", "step: ", "log: true", "integer: true", "when: ", "values: ", "1, ", "seeds: ", "kind: ", "a.b: "];

    public override void Run(byte[] input)
    {
        SweepSpec sweep = SweepFile.Parse(new SweepSource
        {
            Text = Encoding.UTF8.GetString(input),
            FileName = "sweep.yaml",
            Folder = "/base",
            Base = name => throw name.Origin.Fault("base", name.Value, "none here"),
            OverrideFolder = "/here",
        });
        var plan = new TrialPlan(sweep);
        for (int i = 0; i < Math.Min(plan.Count, 4) && !plan.NeedsResults(i); i++) _ = plan.At(i, []).Describe();
        _ = SweepFile.Write(sweep);
    }
}
