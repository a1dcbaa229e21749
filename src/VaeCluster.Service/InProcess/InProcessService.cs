using VaeCluster.Core;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.InProcess;

/// <summary>
/// The run and sweep services with this process as their host. Runs are trained in order of submission, a fixed number at a time, along
/// with one sweep at a time. All state is in the folder of runs: what was in progress or queued continues when a host starts on the folder
/// again.
/// </summary>
public sealed class InProcessService : IAsyncDisposable
{
    private readonly IDisposable _folderLock;
    private readonly DriverQueue<RunDriver> _runDrivers;
    private readonly DriverQueue<SweepKeeper> _sweepDrivers;

    private InProcessService(InProcessOptions options, IDisposable folderLock)
    {
        _folderLock = folderLock;
        var catalog = new RunCatalog(options.RunsFolder);
        var gate = new DataGate(options.DataFolders);
        var store = new FileRunStore(catalog.Path);
        var datasets = new DatasetCache();
        var driver = new RunDriverOptions { Store = store, Log = options.Log, Time = options.Time, StopGrace = options.StopGrace };
        _runDrivers = new DriverQueue<RunDriver>(
            store, options.Parallel, id => new RunDriver(id, catalog.Find(id), new InProcessExecution(options), driver), options);
        Runs = new RunService(
            new RunServiceOptions
            {
                Store = store,
                Catalog = catalog,
                Gate = gate,
                Training = TrainingSetup.Options(options.Engine),
                Datasets = datasets,
                Workers = _ => 1,
                PollInterval = options.PollInterval,
                Time = options.Time,
            },
            new InProcessRuns(_runDrivers));

        var sweeps = new SweepCatalog(catalog.Path);
        var trials = new InProcessSweepTrials(new InProcessTrials(options.Engine, options.Threads, run => gate.Demand(run, null)), sweeps);
        var keeper = new SweepKeeperOptions
        {
            Store = new FileRunStore(catalog.Path, FileRunStore.SweepsFile),
            Catalog = sweeps,
            Trials = sweep => catalog.WithKeysUnder(ServiceTrials.Keys(sweep)).Count == 0
                ? trials
                : new ServiceTrials(new ServiceTrialsOptions
                {
                    // A cluster began this sweep, so its trials are runs.
                    Sweep = sweep,
                    Runs = Runs,
                    Catalog = catalog,
                    Engine = options.Engine,
                    Datasets = datasets,
                    Time = options.Time,
                }),
            IsAlone = true,
            StopGrace = options.StopGrace,
            Finishing = sweep =>
            {
                using IEngine engine = options.Engine();
                SweepReportWriter.Write(sweep, engine, trial => sweeps.PathOfTrial(sweep.TrialPath(trial.Folder)));
            },
            Log = options.Log,
            Time = options.Time,
        };
        _sweepDrivers = new DriverQueue<SweepKeeper>(keeper.Store, 1, id => new SweepKeeper(id, keeper), options);
        Sweeps = new SweepService(
            new SweepServiceOptions
            {
                Keeper = keeper,
                Gate = gate,
                Runs = Runs,
                PollInterval = options.PollInterval,
            }, new InProcessSweeps(_sweepDrivers));
    }

    /// <summary>The run service.</summary>
    public RunService Runs { get; }

    /// <summary>The sweep service.</summary>
    public SweepService Sweeps { get; }

    /// <summary>Opens a folder of runs, and continues what is in progress there.</summary>
    /// <param name="options">How runs and sweeps are executed.</param>
    /// <exception cref="BadInputException">A folder cannot be used, or another host uses the folder of runs.</exception>
    public static async Task<InProcessService> OpenAsync(InProcessOptions options)
    {
        foreach (string data in options.DataFolders)
            if (!Directory.Exists(data)) throw new BadInputException("--data", null, data, "an existing folder");
        IDisposable folderLock = RunsFolderLock.TakeAlone(options.RunsFolder);
        try
        {
            DeletedFolders.Clear(options.RunsFolder);
            DeletedFolders.ClearUnfinished(options.RunsFolder);
            var service = new InProcessService(options, folderLock);
            await service._runDrivers.TakeUpAsync();
            await service._sweepDrivers.TakeUpAsync();
            await service.Runs.AdoptAsync(CancellationToken.None);
            await service.Sweeps.AdoptAsync(CancellationToken.None);
            return service;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Stops what is in progress, with checkpoints, so that the next host can continue it, and waits until that is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweepDrivers.DisposeAsync();
        await _runDrivers.DisposeAsync();
        Sweeps.Dispose();
        Runs.Dispose();
        _folderLock.Dispose();
    }
}
