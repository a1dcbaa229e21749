namespace VaeCluster.Evaluation.Bounds;

/// <summary>How evaluations read a split.</summary>
internal static class HeldOut
{
    /// <summary>
    /// The epoch that every evaluation reads: held-out splits do not depend on it, and the training split, evaluated, is the one of
    /// its first epoch.
    /// </summary>
    internal const int Epoch = 1;
}
