using VaeCluster.Core.Random;

namespace VaeCluster.Evaluation.Scores;

/// <summary>
/// The use of a stream of <see cref="RandomPurpose.Score"/>, which is its time coordinate, so that streams of different use never share a
/// number. 0 is used for the examples in figures.
/// </summary>
internal enum ScoreStream : uint
{
    /// <summary>Training images.</summary>
    Training = 1,

    /// <summary>Test images.</summary>
    Test = 2,

    /// <summary>Images that batches are drawn from.</summary>
    Pool = 3,

    /// <summary>Training batches of the FactorVAE score; the example is the batch.</summary>
    FactorVaeTraining = 4,

    /// <summary>Test batches of the FactorVAE score; the example is the batch.</summary>
    FactorVaeTest = 5,

    /// <summary>Training batches of the β-VAE score; the example is the batch.</summary>
    BetaVaeTraining = 6,

    /// <summary>Test batches of the β-VAE score; the example is the batch.</summary>
    BetaVaeTest = 7,

    /// <summary>Examples for comparing several models.</summary>
    Ranking = 8,
}
