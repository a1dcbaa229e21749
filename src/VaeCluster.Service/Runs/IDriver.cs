namespace VaeCluster.Service.Runs;

/// <summary>Drives one run or sweep in this process, until it has ended or is handed over.</summary>
public interface IDriver : IDisposable
{
    /// <summary>The id of the run or sweep.</summary>
    string Id { get; }

    /// <summary>
    /// Completes when the driver has taken over and recorded that in the store, or when there is nothing to do. Never faults.
    /// </summary>
    Task Begun { get; }

    /// <summary>Completes when the driver has ended and the outcome is in the store. Never faults.</summary>
    Task Ended { get; }

    /// <summary>Starts driving on a separate thread.</summary>
    void Start();

    /// <summary>Stops after the step in progress, with checkpoints, and stores the final state that was requested.</summary>
    void Stop();

    /// <summary>Stops like <see cref="Stop"/>, but leaves the state unchanged so that another driver continues.</summary>
    void Yield();
}
