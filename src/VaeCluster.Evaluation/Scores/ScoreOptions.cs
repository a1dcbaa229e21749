using VaeCluster.Evaluation.Bounds;

namespace VaeCluster.Evaluation.Scores;

/// <summary>
/// How scores are measured. The defaults are the settings of the reference library (Locatello et al. 2019), so that values compare with
/// the literature's. None of it changes a bit of a result but the seed and the counts.
/// </summary>
public sealed record ScoreOptions
{
    /// <summary>Seed of every choice that a score makes. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Images that a score learns from, drawn with uniform factors. Default 10,000.</summary>
    public int TrainingSamples { get; init; } = 10_000;

    /// <summary>Images that what was learned is tested on. Default 5,000.</summary>
    public int TestSamples { get; init; } = 5_000;

    /// <summary>Batches that the FactorVAE and β-VAE scores learn from. Default 10,000.</summary>
    public int TrainingVotes { get; init; } = 10_000;

    /// <summary>Batches that they are tested on. Default 5,000.</summary>
    public int TestVotes { get; init; } = 5_000;

    /// <summary>Images (or pairs of images) that share a factor in one such batch. Default 64.</summary>
    public int VoteSize { get; init; } = 64;

    /// <summary>
    /// At most so many different images are encoded for the FactorVAE and β-VAE scores. Data with no more images are encoded whole, and
    /// every batch is drawn from all of them, as the definition says. Of larger data so many images are drawn once, and the batches
    /// from these: the definition's batches would encode up to 2.9 million images. Default 65,536.
    /// </summary>
    public int Pool { get; init; } = 65_536;

    /// <summary>Examples on which a score over several runs compares them. Default 1,000.</summary>
    public int RankingSamples { get; init; } = 1_000;

    /// <summary>
    /// The split that the bound's scores and those over several runs read: train, validation or test; null: the one that the run is
    /// judged on.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>At most so many examples of it, from the first; null: what the run file says under evaluation.limit.</summary>
    public int? Examples { get; init; }

    /// <summary>
    /// K and limit of the score <c>iwae</c>; its own seed and threads are not used. Default: K = 100 on 1,000 examples, which is quick;
    /// the literature's tables use 5,000.
    /// </summary>
    public ImportanceWeightedOptions ImportanceWeighted { get; init; } = new();

    /// <summary>Threads. Default: the machine's.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told what is under way, one line at a time, by scores that take long; from any thread.</summary>
    public Action<string>? Progress { get; init; }
}
