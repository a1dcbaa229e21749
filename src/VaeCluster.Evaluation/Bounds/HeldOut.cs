namespace VaeCluster.Evaluation.Bounds;

/// <summary>How evaluations read a split.</summary>
internal static class HeldOut
{
    /// <summary>
    /// The epoch passed to <see cref="Data.Split.Read"/> in evaluations: held-out splits do not depend on it, and an evaluation of the
    /// training split uses the binarisation of its first epoch.
    /// </summary>
    internal const int Epoch = 1;
}
