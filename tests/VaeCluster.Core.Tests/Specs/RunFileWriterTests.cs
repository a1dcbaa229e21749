using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Specs;

public sealed class RunFileWriterTests
{
    [Fact]
    public void A_resolved_file_has_every_value_in_a_fixed_order()
    {
        RunSpec spec = TestVocabulary.Parse("""
            name: "1"
            data: { dataset: mnist, path: "my data/x" }
            model: { architecture: conv, layers: [{ kernel: 4, channels: 8 }, { channels: 2 }], outputBias: data-mean }
            objective: { kind: beta-vae, beta: 1e-5, schedule: { kind: linear, steps: 10 } }
            training: { optimizer: sgd, clipNorm: 5 }
            """);
        Assert.Equal(
            """
            name: "1"
            data:
              dataset: mnist
              path: "/base/my data/x"
              binarize: none
              validation: 0
            model:
              architecture: conv
              layers: [{ channels: 8, kernel: 4 }, { channels: 2 }]
              likelihood: bernoulli
              latent: 10
              outputBias: data-mean
            objective:
              kind: beta-vae
              beta: 1e-05
              normalized: false
              schedule:
                kind: linear
                steps: 10
            training:
              epochs: 10
              batch: 128
              shards: 4
              optimizer: sgd
              momentum: 0
              nesterov: false
              weightDecay: 0
              learningRate: 0.001
              schedule:
                kind: constant
                warmupSteps: 0
              average:
                kind: none
              clipNorm: 5
              seed: 1
              nonFinite: stop
            checkpoint:
              everySteps: 500
              keep: 3
            evaluation:
              seed: 0
              everyEpochs: 1

            """,
            RunFile.Write(spec));
    }

    [Fact]
    public void A_written_file_is_read_as_an_equal_spec_and_written_the_same()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<uint, NonNull<string>, double>((seed, name, number) =>
        {
            RunSpec spec = Random(new RandomSequence(new RandomStream(seed, RandomPurpose.Score, 0, 0)), name.Get, number);
            string text = RunFile.Write(spec);
            RunSpec read = RunFile.Parse(text, "run.yaml", "/elsewhere", [], "/nowhere", TestVocabulary.Vocabulary);
            return read == spec && RunFile.Write(read) == text;
        }));
    }

    private static RunSpec Random(RandomSequence random, string name, double number)
    {
        string clean = new([.. name.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
        double positive = double.IsFinite(number) && number != 0 && Math.Abs(number) < 1e6 ? Math.Abs(number) : 0.1;
        var layer = new Dictionary<string, long> { ["kernel"] = 1 + random.Below(9), ["channels"] = 1 + random.Below(9) };
        bool mnist = random.Below(2) == 0;
        bool conv = random.Below(2) == 0;
        RunSpec spec = TestVocabulary.Parse(
            "data: { dataset: dsprites }\nmodel: { architecture: mlp }",
            [
                mnist ? "data={ dataset: mnist, path: \"a: b\" }" : $"data.strides={{ y: {1 + random.Below(40)} }}",
                $"data.binarize={Pick("none", "static", "dynamic")}",
                $"data.limit={Pick("null", "5")}",
                $"model.likelihood={Pick("bernoulli", "gaussian-fixed")}",
                $"model.latent={1 + random.Below(100)}",
                $"objective.kind={Pick("vae", "beta-vae")}",
                $"objective.schedule={Pick("linear", "constant", "cyclical")}",
                $"training.optimizer={Pick("adam", "adamw", "sgd")}",
                $"training.schedule={Pick("constant", "cosine", "{ kind: step, every: 3 }")}",
                $"training.batch={1 + random.Below(1000)}",
                string.Create(CultureInfo.InvariantCulture, $"training.learningRate={positive:R}"),
                $"training.seed={(long)random.NextBits() << 31}",
                $"evaluation.everyEpochs={random.Below(3)}",
            ]);
        MemberSpec layers = new(
            "conv", new Dictionary<string, object> { ["layers"] = new IReadOnlyDictionary<string, long>[] { layer, layer } });
        return spec with
        {
            Name = clean.Length == 0 ? "n" : clean,
            Model = conv ? spec.Model with { Architecture = layers } : spec.Model,
        };

        string Pick(params string[] choices) => choices[random.Below(choices.Length)];
    }
}
