using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Tests.Fixtures;

/// <summary>Parses sweep files from strings.</summary>
public static class SweepTexts
{
    /// <summary>A base that needs no download: 144 images of dSprites.</summary>
    public const string Base = """
        base:
          data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 8, y: 8 }, validation: 0.1 }
          model:      { architecture: mlp, hidden: [8], latent: 2 }
          objective:  { kind: beta-vae }
          training:   { epochs: 4, batch: 16, shards: 4, learningRate: 0.01 }
          checkpoint: { everySteps: 5, keep: 2 }

        """;

    /// <summary>Parses a sweep file that consists of <see cref="Base"/> and further lines.</summary>
    public static SweepSpec Parse(string rest, params string[] overrides) => Read(Base + rest, overrides);

    public static SweepSpec Read(string text, params string[] overrides) => SweepFile.Parse(new SweepSource
    {
        Text = text,
        FileName = "sweep.yaml",
        Folder = "/sweeps",
        Base = name => throw name.Origin.Fault("base", name.Value, "no base file here"),
        Overrides = overrides,
        OverrideFolder = "/here",
    });
}
