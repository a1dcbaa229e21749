using VaeCluster.Core.Random;

namespace VaeCluster.Evaluation.Scores;

/// <summary>
/// What a stream of <see cref="RandomPurpose.Score"/> is for, as its time: streams of different use never share a number. 0 is that of
/// the examples that figures show.
/// </summary>
internal enum ScoreStream : uint
{
    /// <summary>Images to learn from.</summary>
    Training = 1,

    /// <summary>Images to test on.</summary>
    Test = 2,

    /// <summary>Images that batches are drawn from.</summary>
    Pool = 3,

    /// <summary>Batches of the FactorVAE score to learn from; the example is the batch.</summary>
    FactorVaeTraining = 4,

    /// <summary>Batches of it to test on; the example is the batch.</summary>
    FactorVaeTest = 5,

    /// <summary>Batches of the β-VAE score to learn from; the example is the batch.</summary>
    BetaVaeTraining = 6,

    /// <summary>Batches of it to test on; the example is the batch.</summary>
    BetaVaeTest = 7,

    /// <summary>Examples that several models are compared on.</summary>
    Ranking = 8,
}
