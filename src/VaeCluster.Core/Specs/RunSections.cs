using VaeCluster.Core.Corruptions;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Schedules;

namespace VaeCluster.Core.Specs;

/// <summary>Everything that a run file may contain besides its <c>name</c>.</summary>
public static class RunSections
{
    /// <summary>The run's name, which is outside all sections.</summary>
    public static FieldRule Name { get; } = new("name", FieldKind.Text, "name of the run, shown in reports and lists") { Default = "run" };

    /// <summary>The sections in the order of the file.</summary>
    /// <param name="vocabulary">The members that Data and Models offer.</param>
    public static IReadOnlyList<SectionRule> All(SpecVocabulary vocabulary) =>
        [Data(vocabulary), Model(vocabulary), Objective(vocabulary), Training, Checkpoint, Evaluation];

    private static SectionRule Training { get; } = new(
        "training",
        "how the model is trained",
        [
            new FamilyRule("optimizer", "the optimiser", OptimizerFactory.Members) { Default = "adam" },
            new FamilyRule(
                "schedule", "schedule of the learning rate", LearningRateSchedules.Members) { Default = "constant", Nested = true },
            new FamilyRule("average", "averaged weights to use for evaluation, images and export", WeightAverages.Members)
            {
                Default = "none",
                Nested = true,
            },
        ],
        [
            Count("epochs", 10, "passes over the training data"),
            Count("batch", 128, "examples per step, over all workers"),
            new(
                "shards",
                FieldKind.Integer,
                "logical shards per batch, a power of two that divides the batch size; the largest useful number of workers; "
                + "default: the largest of 4, 2, 1 that divides the batch size")
            {
                Min = 1,
                Max = int.MaxValue,
            },
            new("learningRate", FieldKind.Number, "learning rate before the schedule")
            {
                Default = 0.001,
                Min = 0,
                AboveMin = true,
                Max = 1e6,
            },
            new("clipNorm", FieldKind.Number, "clip the global norm of the mean gradient to this; default: no clipping")
            {
                Min = 0,
                AboveMin = true,
            },
            new("seed", FieldKind.Integer, "random seed of the run") { Default = 1L },
            new("nonFinite", FieldKind.Text, "what to do when a loss or gradient is not finite")
            {
                Default = "stop",
                Words = ["stop", "skip", "halve"],
            },
        ]);

    private static SectionRule Checkpoint { get; } = new(
        "checkpoint",
        "when checkpoints are written",
        [],
        [
            Count("everySteps", 500, "steps between checkpoints; one more is written at the end"),
            Count("keep", 3, "how many of the newest checkpoints to keep, in addition to the best"),
        ]);

    private static SectionRule Evaluation { get; } = new(
        "evaluation",
        "how the model is evaluated",
        [],
        [
            new("seed", FieldKind.Integer, "random seed of the noise in evaluations") { Default = 0L },
            new("everyEpochs", FieldKind.Integer, "epochs between evaluations on held-out data; 0: only at the end")
            {
                Default = 1L,
                Min = 0,
                Max = int.MaxValue,
            },
            new("limit", FieldKind.Integer, "largest number of held-out examples to use; default: all") { Min = 1, Max = int.MaxValue },
        ]);

    private static SectionRule Data(SpecVocabulary vocabulary) => new(
        "data",
        "the training data",
        [
            new FamilyRule("dataset", "the kind of dataset", vocabulary.Datasets),
            new FamilyRule("corruption", "noise on the images that the encoder sees in training; the loss compares with the clean ones",
                Corruption.Members)
            {
                Default = "none",
                Nested = true,
            },
        ],
        [
            new("binarize", FieldKind.Text, "how to binarise grey values") { Default = "none", Words = ["none", "static", "dynamic"] },
            new("validation", FieldKind.Number, "fraction of the training data held out for validation")
            {
                Default = 0.0,
                Min = 0,
                Max = 1,
                BelowMax = true,
            },
            new("limit", FieldKind.Integer, "use only the first this many examples; default: all") { Min = 1, Max = int.MaxValue },
            new(
                "fingerprint",
                FieldKind.Text,
                "required SHA-256 of the training data, as `data inspect` prints it; a cluster fills it in; default: any data"),
        ]);

    private static SectionRule Model(SpecVocabulary vocabulary) => new(
        "model",
        "encoder, decoder and likelihood",
        [
            new FamilyRule("architecture", "the encoder and decoder networks", vocabulary.Architectures),
            new FamilyRule("likelihood", "the distribution of a pixel given the latents", vocabulary.Likelihoods) { Default = "bernoulli" },
            new FamilyRule("posterior", "the distribution of the latents given an image", vocabulary.Posteriors)
            {
                Default = "gaussian",
                Nested = true,
            },
            new FamilyRule("prior", "the distribution of the latents before an image is seen", vocabulary.Priors)
            {
                Default = "standard",
                Nested = true,
            },
        ],
        [
            new("latent", FieldKind.Integer, "number of latent dimensions") { Default = 10L, Min = 1, Max = 65_536 },
            new("outputBias", FieldKind.Text, "initial value of the bias of the decoder's last layer")
            {
                Default = "default",
                Words = ["default", "data-mean"],
            },
        ]);

    private static SectionRule Objective(SpecVocabulary vocabulary) => new(
        "objective",
        "the training objective",
        [
            new FamilyRule("kind", "the objective", vocabulary.Objectives) { Default = "vae" },
            new FamilyRule(
                "schedule", "schedule of the weight of the KL term", BetaSchedules.Members) { Default = "constant", Nested = true },
        ],
        []);

    private static FieldRule Count(string name, long standard, string summary) =>
        new(name, FieldKind.Integer, summary) { Default = standard, Min = 1, Max = int.MaxValue };
}
