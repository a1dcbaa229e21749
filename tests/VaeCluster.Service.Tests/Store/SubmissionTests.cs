using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Tests.Store;

/// <summary>Submissions to several hosts that share a folder and a store, as the silos of a cluster do.</summary>
public sealed class SubmissionTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_key_sent_to_many_hosts_at_once_makes_one_run()
    {
        RunService[] hosts = [.. Enumerable.Range(0, 4).Select(_ => Open(Store()))];
        var submission = new RunSubmission { RunFile = LawRun.Text(), Key = "nightly" };
        RunInfo[] answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => hosts[i % hosts.Length].SubmitAsync(submission, None))));
        Assert.All(answers, run => Assert.Equal(("001-law", RunState.Queued), (run.Id, run.State)));
        Assert.Equal(["001-law"], (await hosts[0].ListAsync(99, null, None)).Runs.Select(run => run.Id));
        Assert.Single(Directory.GetDirectories(_folder["runs"]));
        foreach (RunService host in hosts) host.Dispose();
    }

    [Fact]
    public async Task Submissions_without_a_key_to_many_hosts_at_once_have_different_ids()
    {
        RunService[] hosts = [.. Enumerable.Range(0, 3).Select(_ => Open(Store()))];
        RunInfo[] answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => Task.Run(
            () => hosts[i % hosts.Length].SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None))));
        Assert.Equal(Enumerable.Range(1, 9).Select(number => $"00{number}-law"), answers.Select(run => run.Id).Order());
        foreach (RunService host in hosts) host.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_refused_in_one_line_and_leaves_nothing()
    {
        using RunService host = Open(new FullStore(Store()));
        RunRefusedException full = await Assert.ThrowsAsync<RunRefusedException>(
            () => host.SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None));
        Assert.Equal((RunRefusal.NoSpace, $"server: the disk of {_folder["runs"]} is full; free some space"), (full.Reason, full.Message));
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task A_submission_that_a_crash_cut_short_before_it_was_stored_is_queued_by_the_next_host()
    {
        // The store's answer is lost with the process, so nothing cleans up.
        using (RunService dying = Open(Store()))
        {
            RunInfo run = await dying.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(), Workers = 2 }, None);
            string state = _folder["runs", run.Id, "run-state.json"];
            File.Move(state, _folder["runs", run.Id, "submission.pending"]);
        }

        using RunService next = Open(Store());
        Assert.Equal(RunState.Stopped, (await next.ShowAsync("001-law", None)).State);
        await next.AdoptAsync(None);
        RunInfo adopted = await next.ShowAsync("001-law", None);
        Assert.Equal((RunState.Queued, 2), (adopted.State, adopted.Workers));
        await next.CancelAsync("001-law", None);
        await next.AdoptAsync(None);
        Assert.Equal(RunState.Stopped, (await next.ShowAsync("001-law", None)).State);
    }

    [Fact]
    public void A_damaged_or_absurd_last_number_hides_no_number_of_a_folder()
    {
        Directory.CreateDirectory(_folder["runs", "007-law"]);
        foreach (string text in (string[])["", "x", "-5", "99999999999", "3"])
        {
            File.WriteAllText(_folder["runs", ".last-number"], text);
            Assert.Equal("008-law", RunNames.Next(_folder["runs"], "law"));
        }

        RunNumbers.Remember(_folder["runs"], 41);
        RunNumbers.Remember(_folder["runs"], 12);
        Assert.Equal("042-law", RunNames.Next(_folder["runs"], "law"));
        Assert.Null(RunNames.NumberOf("2147483647-law"));
    }

    private FileRunStore Store() => new(_folder["runs"]);

    private RunService Open(IRunStore store) => new(
        new RunServiceOptions
        {
            Store = store,
            Catalog = new RunCatalog(_folder["runs"]),
            Gate = new DataGate([]),
            Training = TrainingSetup.Options(() => new ManagedEngine()),
            Datasets = new DatasetCache(),
            Workers = _ => 1,
        },
        new NoHost());

    private sealed class NoHost : IRunHost
    {
        public string? WhyClosed => null;

        public Task LookAsync(string id) => Task.CompletedTask;

        public Task<int?> StepAsync(string id) => Task.FromResult<int?>(null);

        public Task<RunWorkers> WorkersAsync(string id) => Task.FromResult(RunWorkers.None);

        public LiveWeights? Live(string id) => null;

        public Task? EndOf(string id) => null;
    }

    /// <summary>A store on a full disk.</summary>
    private sealed class FullStore(IRunStore store) : IRunStore
    {
        public Task<bool> AddAsync(StoredRun run, CancellationToken cancellation) =>
            throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);

        public Task<StoredRun?> FindAsync(string id, CancellationToken cancellation) => store.FindAsync(id, cancellation);

        public Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);

        public Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation) => store.ListActiveAsync(cancellation);

        public Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation) => store.ChangeAsync(run, cancellation);

        public Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation) => store.RemoveAsync(run, cancellation);

        public Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation) => store.RestoreAsync(run, cancellation);

        public Task<IAsyncDisposable> LockAsync(CancellationToken cancellation) => store.LockAsync(cancellation);

        public IGenerations Generations(string id) => store.Generations(id);

        public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => store.WhyNotReadyAsync(cancellation);
    }
}
