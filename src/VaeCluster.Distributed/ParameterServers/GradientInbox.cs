namespace VaeCluster.Distributed.ParameterServers;

/// <summary>Where the pieces of one node's gradient from one connection come together.</summary>
/// <param name="vector">As long as the range.</param>
internal sealed class GradientInbox(float[] vector)
{
    private readonly HashSet<int> _offsets = [];

    /// <summary>The elements.</summary>
    internal float[] Vector { get; } = vector;

    /// <summary>The step that they belong to.</summary>
    internal int Step { get; private set; } = -1;

    /// <summary>Elements that have arrived.</summary>
    internal int Received { get; private set; }

    /// <summary>Pieces of a node follow.</summary>
    /// <param name="step">The step.</param>
    internal void Begin(int step)
    {
        Step = step;
        Received = 0;
        _offsets.Clear();
    }

    /// <summary>Counts a piece, once: a worker that is asked again sends again.</summary>
    /// <param name="offset">Its first element.</param>
    /// <param name="count">Its elements.</param>
    internal void Count(int offset, int count)
    {
        if (_offsets.Add(offset)) Received += count;
    }
}
