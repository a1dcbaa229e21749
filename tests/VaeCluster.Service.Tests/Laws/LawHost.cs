using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>A host of the service on a folder of runs, for the laws.</summary>
public abstract class LawHost : IAsyncDisposable
{
    /// <summary>The folder that holds the folder of runs and what is compared with it.</summary>
    public abstract string Folder { get; }

    /// <summary>The folder of runs.</summary>
    public string RunsFolder => Path.Combine(Folder, "runs");

    public abstract IRunService Runs { get; }

    public abstract ISweepService Sweeps { get; }

    /// <summary>Shuts the host down cleanly and starts another one on the same folder.</summary>
    public abstract Task RestartAsync();

    public abstract ValueTask DisposeAsync();
}
