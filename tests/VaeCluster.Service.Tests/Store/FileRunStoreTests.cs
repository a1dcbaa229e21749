using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Tests.Store;

public sealed class FileRunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_run_is_added_once_and_the_newest_is_listed_first() => RunStoreLaws.AddsOnceAndListsTheNewestFirstAsync(Open());

    [Fact]
    public Task A_change_requires_the_newest_version() => RunStoreLaws.TakesAChangeOnlyOfTheNewestVersionAsync(Open());

    [Fact]
    public Task Concurrent_writers_lose_no_changes() => RunStoreLaws.LosesNoChangeOfManyWritersAsync(Open);

    [Fact]
    public Task Hosts_take_turns() =>
        RunStoreLaws.LetsOneHostAtATimeInAsync(Open, () => new FileRunStore(_folder["runs"], FileRunStore.SweepsFile));

    [Fact]
    public async Task A_driver_writes_its_damaged_state_again_and_a_whole_one_is_left_alone()
    {
        FileRunStore store = Open();
        await store.AddAsync(StoredRuns.Queued("001-a"), default);
        StoredRun known = (await store.FindAsync("001-a", default))!;
        StoredRun changed = (await store.ChangeAsync(known with { State = RunState.Running }, default))!;
        StoredRuns.Same(changed, await store.RestoreAsync(known, default));
        await File.WriteAllTextAsync(_folder["runs", "001-a", "run-state.json"], "{");
        StoredRun restored = (await store.RestoreAsync(changed, default))!;
        StoredRuns.Same(changed with { Version = changed.Version + 1 }, restored);
        StoredRuns.Same(restored, await store.FindAsync("001-a", default));
        Assert.Null(await store.RestoreAsync(StoredRuns.Queued("002-b"), default));
    }

    [Fact]
    public async Task A_damaged_file_is_reported_by_name_and_hides_no_other_run()
    {
        FileRunStore store = Open();
        await store.AddAsync(StoredRuns.Queued("001-a"), default);
        await store.AddAsync(StoredRuns.Queued("002-b"), default);
        string path = _folder["runs", "001-a", "run-state.json"];
        foreach (string garbled in new[] { "", "{", "null", "{ \"id\": \"001-a\" }",
            await File.ReadAllTextAsync(_folder["runs", "002-b", "run-state.json"]) })
        {
            await File.WriteAllTextAsync(path, garbled);
            BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => store.FindAsync("001-a", default));
            Assert.StartsWith($"{path}: the state of run 001-a is damaged; ", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
            await Assert.ThrowsAsync<BadInputException>(() => store.ChangeAsync(StoredRuns.Queued("001-a"), default));

            IReadOnlyList<StoredRun> all = await store.ListAsync(default);
            Assert.Equal(["001-a", "002-b"], all.Select(run => run.Id).Order(StringComparer.Ordinal));
            StoredRun damaged = all.Single(run => run.Id == "001-a");
            Assert.Equal(RunState.Failed, damaged.State);
            Assert.Equal(fault.Message, damaged.Error);
            Assert.Equal(garbled, await File.ReadAllTextAsync(path));
        }
    }

    [Fact]
    public async Task An_id_cannot_lead_out_of_the_folder_of_runs()
    {
        FileRunStore store = Open();
        Assert.Null(await store.FindAsync("../001-a", default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AddAsync(StoredRuns.Queued("../001-a"), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ChangeAsync(StoredRuns.Queued("../001-a"), default));
        Assert.Throws<ArgumentException>(() => store.Generations("../001-a"));
    }

    [Fact]
    public void Generations_are_kept_in_the_folder_of_the_run()
    {
        IGenerations generations = Open().Generations("001-a");
        Assert.Equal(3, generations.Take(2));
        Assert.True(Directory.Exists(_folder["runs", "001-a", "generations"]));
        Assert.Throws<StaleGenerationException>(() => generations.Demand(2));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_reported_in_one_line()
    {
        Assert.Null(await Open().WhyNotReadyAsync(default));
        await File.WriteAllTextAsync(_folder["file"], "not a folder");
        string? reason = await new FileRunStore(_folder["file"]).WhyNotReadyAsync(default);
        Assert.StartsWith("the folder of runs is not writable: ", reason, StringComparison.Ordinal);
    }

    private FileRunStore Open() => new(_folder["runs"]);
}
