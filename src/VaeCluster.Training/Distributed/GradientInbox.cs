namespace VaeCluster.Training.Distributed;

/// <summary>Where the pieces of one node's gradient from one connection come together.</summary>
/// <param name="vector">As long as the range.</param>
internal sealed class GradientInbox(float[] vector)
{
    /// <summary>The elements.</summary>
    internal float[] Vector { get; } = vector;

    /// <summary>The step that they belong to.</summary>
    internal int Step { get; private set; } = -1;

    /// <summary>Elements that have arrived.</summary>
    internal int Received { get; set; }

    /// <summary>Pieces of a node follow, its first one first.</summary>
    /// <param name="step">The step.</param>
    internal void Begin(int step)
    {
        Step = step;
        Received = 0;
    }
}
