using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A store that a test makes unreachable for a while.</summary>
/// <param name="store">The store.</param>
internal sealed class AwayStore(IRunStore store) : IRunStore
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _taken = new(0);
    private volatile bool _isAway;

    /// <summary>Whether it is unreachable.</summary>
    internal bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    public Task<bool> AddAsync(StoredRun run, CancellationToken cancellation) => There().AddAsync(run, cancellation);

    public Task<StoredRun?> FindAsync(string id, CancellationToken cancellation) => There().FindAsync(id, cancellation);

    public Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation) => There().ListAsync(cancellation);

    public Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation) => There().ListActiveAsync(cancellation);

    public Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation) => There().ChangeAsync(run, cancellation);

    public Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation) => There().RemoveAsync(run, cancellation);

    public Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation) => There().RestoreAsync(run, cancellation);

    public Task<IAsyncDisposable> LockAsync(CancellationToken cancellation) => There().LockAsync(cancellation);

    public IGenerations Generations(string id) => new AwayGenerations(this, id);

    public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => There().WhyNotReadyAsync(cancellation);

    /// <summary>Waits for the next time that a generation is taken.</summary>
    internal async Task TakenAsync() => Assert.True(await _taken.WaitAsync(Longest));

    /// <summary>Waits until it is called while it is unreachable.</summary>
    internal Task RefusedAsync() => _refused.Task.WaitAsync(Longest);

    private IRunStore There()
    {
        if (!_isAway) return store;
        _refused.TrySetResult();
        throw new TimeoutException("the store cannot be reached");
    }

    private sealed class AwayGenerations(AwayStore store, string id) : IGenerations
    {
        public int Take(int atLeast)
        {
            int taken = store.There().Generations(id).Take(atLeast);
            store._taken.Release();
            return taken;
        }

        public void Demand(int generation) => store.There().Generations(id).Demand(generation);
    }
}
