using System.Collections.Concurrent;
using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A queued sweep in its own store and folder, with a clock and runs that the test controls.</summary>
internal sealed class KeptSweep : IDisposable
{
    private static readonly DatasetCache Data = new();

    private readonly SweepCatalog _catalog;

    /// <summary>Makes it.</summary>
    /// <param name="trials">How many trials.</param>
    /// <param name="onSession">See <see cref="ScriptedRuns.OnSession"/>.</param>
    /// <param name="overrides">More overrides of the sweep file.</param>
    internal KeptSweep(int trials, Action<ScriptedRun>? onSession = null, params string[] overrides)
    {
        _catalog = new SweepCatalog(Folder["runs"]);
        RunCatalog = new RunCatalog(Folder["runs"]);
        Runs = new ScriptedRuns(RunCatalog) { OnSession = onSession };
        Store = new AwayStore(new FileRunStore(Folder["runs"], FileRunStore.SweepsFile));
        SweepSpec spec = SweepFile.Parse(new SweepSource
        {
            Text = SmallSweep.Text + "search: { kind: grid }\n",
            FileName = "sweep.yaml",
            Folder = Folder.Path,
            Base = name => throw name.Origin.Fault("base", name.Value, "no base file here"),
            Overrides = [FormattableString.Invariant($"search.trials={trials}"), "training.epochs=2", .. overrides],
            OverrideFolder = Folder.Path,
        });
        Id = _catalog.Add(spec, null, string.Empty, StoredRuns.Queued(string.Empty)).Id;
        Files = _catalog.Find(Id);
    }

    internal TemporaryFolder Folder { get; } = new();

    internal SteppedTime Time { get; } = new();

    internal ScriptedRuns Runs { get; }

    internal RunCatalog RunCatalog { get; }

    internal AwayStore Store { get; }

    internal SweepFolder Files { get; }

    internal string Id { get; }

    /// <summary>The log of all keepers.</summary>
    internal ConcurrentQueue<string> Words { get; } = [];

    public void Dispose() => Folder.Dispose();

    /// <summary>Puts it into the store.</summary>
    internal async Task<KeptSweep> QueueAsync()
    {
        Assert.True(await Store.AddAsync(new StoredRun
        {
            Id = Id,
            Submitted = Time.GetUtcNow(),
            Workers = 3,
            State = RunState.Queued,
        }, default));
        return this;
    }

    /// <summary>Options for a keeper of the sweep.</summary>
    internal SweepOptions Silo() => new()
    {
        Keeper = new SweepKeeperOptions
        {
            Catalog = _catalog,
            Store = Store,
            Trials = sweep => new ServiceTrials(new ServiceTrialsOptions
            {
                Sweep = sweep,
                Runs = Runs,
                Catalog = RunCatalog,
                Engine = () => new ManagedEngine(),
                Datasets = Data,
                Time = Time,
            }),
            Log = Words.Enqueue,
            Time = Time,
        },
    };

    /// <summary>Creates a keeper as if on another silo, without starting it.</summary>
    internal SweepKeeper Keeper() => new(Id, Silo().Keeper);

    /// <summary>The stored state of the sweep.</summary>
    internal async Task<StoredRun> ShowAsync() => (await Store.FindAsync(Id, default))!;

    /// <summary>Requests another state, as the service does.</summary>
    internal async Task TellAsync(RunState state) =>
        Assert.NotNull(await Store.ChangeAsync(await ShowAsync() with { State = state }, default));

    /// <summary>The trials of all lines of a kind in the log, in order.</summary>
    internal IReadOnlyList<int> Logged(string kind) =>
        [.. SweepJournal.ReadLog(Files).Where(line => line.Kind == kind).Select(line => line.Trial!.Value)];
}
