using VaeCluster.Evaluation.Bounds;

namespace VaeCluster.Evaluation.Scores;

/// <summary>
/// How scores are measured. The defaults are the settings of the reference library (Locatello et al. 2019), so that values are comparable
/// with the literature. Only the seed, the counts and the split affect the results.
/// </summary>
public sealed record ScoreOptions
{
    /// <summary>Seed of all random choices. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Number of training images, drawn with uniform factors. Default 10,000.</summary>
    public int TrainingSamples { get; init; } = 10_000;

    /// <summary>Number of test images. Default 5,000.</summary>
    public int TestSamples { get; init; } = 5_000;

    /// <summary>Number of training batches of the FactorVAE and β-VAE scores. Default 10,000.</summary>
    public int TrainingVotes { get; init; } = 10_000;

    /// <summary>Number of their test batches. Default 5,000.</summary>
    public int TestVotes { get; init; } = 5_000;

    /// <summary>Number of images (or pairs of images) that share a factor in one such batch. Default 64.</summary>
    public int VoteSize { get; init; } = 64;

    /// <summary>
    /// Largest number of different images to encode for the FactorVAE and β-VAE scores. A dataset with no more images is encoded
    /// completely, and batches are drawn from all of them, as in the definition. For a larger dataset, this many images are drawn once and
    /// batches are drawn from these; otherwise up to 2.9 million images would be encoded. Default 65,536.
    /// </summary>
    public int Pool { get; init; } = 65_536;

    /// <summary>Number of examples for scores that compare several runs. Default 1,000.</summary>
    public int RankingSamples { get; init; } = 1_000;

    /// <summary>
    /// The split for the ELBO, its terms, and scores over several runs: train, validation or test;
    /// null: <see cref="Runs.TrainedRun.EvaluationSplit"/>.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>Use only the first this many examples of the split; null: evaluation.limit of the run file.</summary>
    public int? Examples { get; init; }

    /// <summary>
    /// K and limit of the score <c>iwae</c>; its seed and threads are ignored. Default: K = 100 on 1,000 examples, which is quick; tables
    /// in the literature use K = 5,000.
    /// </summary>
    public ImportanceWeightedOptions ImportanceWeighted { get; init; } = new();

    /// <summary>Threads. Default: the number of processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Called with one-line progress messages by slow scores; from any thread.</summary>
    public Action<string>? Progress { get; init; }
}
