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
}
