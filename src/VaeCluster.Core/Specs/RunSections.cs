using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Schedules;

namespace VaeCluster.Core.Specs;

/// <summary>The table of everything that a run file may say beside its <c>name</c>.</summary>
public static class RunSections
{
    /// <summary>The run's name, which stands outside all sections.</summary>
    public static FieldRule Name { get; } = new("name", FieldKind.Text, "a name for people; it appears in reports and lists") { Default = "run" };

    /// <summary>The sections in the order of the file.</summary>
    /// <param name="vocabulary">The members that Data and Models offer.</param>
    public static IReadOnlyList<SectionRule> All(SpecVocabulary vocabulary) =>
        [Data(vocabulary), Model(vocabulary), Objective(vocabulary), Training, Checkpoint, Evaluation];

    private static SectionRule Training { get; } = new(
        "training",
        "how the objective is minimised",
        [
            new FamilyRule("optimizer", "the rule that moves the weights", OptimizerFactory.Members) { Default = "adam" },
            new FamilyRule("schedule", "how the step size moves over the steps", LearningRateSchedules.Members) { Default = "constant", Nested = true },
            new FamilyRule("average", "what evaluation, pictures and export use in place of the last weights", WeightAverages.Members) { Default = "none", Nested = true },
        ],
        [
            Count("epochs", 10, "passes over the training data"),
            Count("batch", 128, "examples of a step, over all workers"),
            new(
                "shards",
                FieldKind.Integer,
                "logical shards of a batch, a power of two that divides it: the largest useful number of workers; "
                + "left out: the largest of 4, 2, 1 that divides the batch")
            {
                Min = 1,
                Max = int.MaxValue,
            },
            new("learningRate", FieldKind.Number, "the step size before the schedule") { Default = 0.001, Min = 0, AboveMin = true, Max = 1e6 },
            new("clipNorm", FieldKind.Number, "largest global norm of the mean gradient; left out: no clipping") { Min = 0, AboveMin = true },
            new("seed", FieldKind.Integer, "seed of everything random") { Default = 1L },
            new("nonFinite", FieldKind.Text, "what happens when a loss or gradient is not finite") { Default = "stop", Words = ["stop", "skip", "halve"] },
        ]);

    private static SectionRule Checkpoint { get; } = new(
        "checkpoint",
        "when the state is saved",
        [],
        [
            Count("everySteps", 500, "steps between two checkpoints, beside the one at the end"),
            Count("keep", 3, "how many of the newest are kept, beside the best"),
        ]);

    private static SectionRule Evaluation { get; } = new(
        "evaluation",
        "how the model is judged",
        [],
        [
            new("seed", FieldKind.Integer, "seed of the noise of every evaluation") { Default = 0L },
            new("everyEpochs", FieldKind.Integer, "epochs between evaluations on held-out data; 0: only at the end") { Default = 1L, Min = 0, Max = int.MaxValue },
            new("limit", FieldKind.Integer, "at most this many held-out examples; left out: all") { Min = 1, Max = int.MaxValue },
        ]);

    private static SectionRule Data(SpecVocabulary vocabulary) => new(
        "data",
        "what the model learns from",
        [new FamilyRule("dataset", "the kind of data set", vocabulary.Datasets)],
        [
            new("binarize", FieldKind.Text, "how grey values become black or white") { Default = "none", Words = ["none", "static", "dynamic"] },
            new("validation", FieldKind.Number, "fraction of the training data that is held out") { Default = 0.0, Min = 0, Max = 1, BelowMax = true },
            new("limit", FieldKind.Integer, "only the first this many examples; left out: all") { Min = 1, Max = int.MaxValue },
            new(
                "fingerprint",
                FieldKind.Text,
                "SHA-256 that the training data must have, as `data inspect` prints it; a cluster fills it in; left out: any data"),
        ]);

    private static SectionRule Model(SpecVocabulary vocabulary) => new(
        "model",
        "encoder, decoder and likelihood",
        [
            new FamilyRule("architecture", "the networks of encoder and decoder", vocabulary.Architectures),
            new FamilyRule("likelihood", "the distribution of a pixel given the latents", vocabulary.Likelihoods) { Default = "bernoulli" },
        ],
        [
            new("latent", FieldKind.Integer, "number of latent dimensions") { Default = 10L, Min = 1, Max = 65_536 },
            new("outputBias", FieldKind.Text, "what the bias of the decoder's last layer starts from") { Default = "default", Words = ["default", "data-mean"] },
        ]);

    private static SectionRule Objective(SpecVocabulary vocabulary) => new(
        "objective",
        "what is minimised",
        [
            new FamilyRule("kind", "the objective", vocabulary.Objectives) { Default = "vae" },
            new FamilyRule("schedule", "how the weight of the KL term moves over the steps", BetaSchedules.Members) { Default = "constant", Nested = true },
        ],
        []);

    private static FieldRule Count(string name, long standard, string summary) =>
        new(name, FieldKind.Integer, summary) { Default = standard, Min = 1, Max = int.MaxValue };
}
