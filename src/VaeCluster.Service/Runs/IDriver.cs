namespace VaeCluster.Service.Runs;

/// <summary>In charge of one run or sweep in this process, from taking it up until it has ended or is left to somebody else.</summary>
public interface IDriver : IDisposable
{
    /// <summary>The run or sweep.</summary>
    string Id { get; }

    /// <summary>Completes when it is in charge and the store says that the run or sweep goes on, or when there is nothing to do; never
    /// faulted.</summary>
    Task Begun { get; }

    /// <summary>Completes when it is no longer in charge and the store knows why; never faulted.</summary>
    Task Ended { get; }

    /// <summary>Takes charge, on a thread of its own.</summary>
    void Start();

    /// <summary>Stops what it drives after what is in progress, with checkpoints, and writes the state that the store asks for.</summary>
    void Stop();

    /// <summary>As <see cref="Stop"/>, for another driver to go on: the state stays as it is.</summary>
    void Yield();
}
