using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Specs;

/// <summary>A vocabulary with every kind of field, in place of those of Data and Models.</summary>
internal static class TestVocabulary
{
    internal static SpecVocabulary Vocabulary { get; } = new()
    {
        Datasets =
        [
            new("mnist", "a folder of IDX files", [new("path", FieldKind.Path, "the folder") { Required = true }]),
            new("dsprites", "drawn shapes", [new(
                "strides", FieldKind.IntegerMap, "every n-th value") { Words = ["x", "y"], Min = 1, Max = 40 }]),
        ],
        Architectures =
        [
            new(
                "mlp",
                "fully connected",
                [
                    new("hidden", FieldKind.IntegerList, "widths") { Default = new[] { 400 }, Min = 1, Max = 65_536 },
                    new("activation", FieldKind.Text, "the function") { Default = "relu", Words = ["relu", "tanh"] },
                ]),
            new("conv", "convolutions", [new(
                "layers", FieldKind.Layers, "the layers") { Required = true, Words = ["channels", "kernel"], Min = 1 }]),
        ],
        Likelihoods =
        [
            new("bernoulli", "black or white", []),
            new("gaussian-fixed", "one given σ", [new("sigma", FieldKind.Number, "the σ") { Default = 1, Min = 0, AboveMin = true }]),
        ],
        Objectives =
        [
            new("vae", "the bound", [new("beta", FieldKind.Number, "weight of the KL") { Default = 1.0, Min = 0, Max = 1e6 }]),
            new("beta-vae", "with a weight", [Beta, new("normalized", FieldKind.Flag, "β·M/N") { Default = false }]),
        ],
    };

    private static FieldRule Beta => new("beta", FieldKind.Number, "weight of the KL") { Default = 4.0, Min = 0, Max = 1e6 };

    internal static RunSpec Parse(string text, params string[] overrides) =>
        RunFile.Parse(text, "run.yaml", "/base", overrides, "/current", Vocabulary);
}
