using System.Collections.Concurrent;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Distributed.Tests;

/// <summary>A store for one process.</summary>
internal sealed class MemoryStore : IRunStore
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, StoredRun> _runs = [];
    private readonly ConcurrentDictionary<string, MemoryGenerations> _generations = [];

    public Task<bool> AddAsync(StoredRun run, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_runs.TryAdd(run.Id, run));
    }

    public Task<StoredRun?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_runs.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<StoredRun>>([.. _runs.Values.OrderByDescending(run => run.Submitted)]);
    }

    public async Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Where(run => run.State.IsInProgress()).Select(run => run.Id)];

    public Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_runs.TryGetValue(run.Id, out StoredRun? known) || known.Version != run.Version) return Task.FromResult<StoredRun?>(null);
            return Task.FromResult<StoredRun?>(_runs[run.Id] = run with { Version = run.Version + 1 });
        }
    }

    public Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_runs.TryGetValue(run.Id, out StoredRun? known) && known.Version == run.Version
            && _runs.Remove(run.Id));
    }

    public Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation) => FindAsync(run.Id, cancellation);

    public async Task<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    public IGenerations Generations(string id) => _generations.GetOrAdd(id, _ => new MemoryGenerations());

    public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    private sealed class Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class MemoryGenerations : IGenerations
    {
        private int _value;

        public int Take(int atLeast)
        {
            lock (this) return _value = Math.Max(_value, atLeast) + 1;
        }

        public void Demand(int generation)
        {
            lock (this)
            {
                if (_value > generation) throw new StaleGenerationException(generation, _value);
            }
        }
    }
}
