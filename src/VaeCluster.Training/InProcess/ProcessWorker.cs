using VaeCluster.Training.Workers;

namespace VaeCluster.Training.InProcess;

/// <summary>A worker of the process, with one lane for each thread that computes for it.</summary>
internal sealed class ProcessWorker(string name, IReadOnlyList<Worker> lanes)
{
    private volatile bool _isLost;

    internal string Name { get; } = name;

    internal IReadOnlyList<Worker> Lanes { get; } = lanes;

    /// <summary>Gone at once; what it computes is not used.</summary>
    internal bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>Gone when the step in progress is done.</summary>
    internal bool IsLeaving { get; set; }
}
