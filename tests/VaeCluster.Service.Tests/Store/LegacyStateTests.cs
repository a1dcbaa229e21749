using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Service.Tests.Store;

/// <summary>State files of releases that used different files for the server and for silos.</summary>
public sealed class LegacyStateTests : IDisposable
{
    private const string Server = """{"submitted":"2026-01-02T03:04:05+00:00","workers":2,"state":"pausing","beginning":null,"notes":["a note"],"error":null}""";
    private const string Cluster = """{"id":"001-a","submitted":"2026-01-02T03:04:06+00:00","workers":4,"state":"stopped","beginning":null,"notes":[],"error":null,"version":7}""";

    private readonly TemporaryFolder _folder = new();

    public LegacyStateTests()
    {
        Directory.CreateDirectory(_folder["001-a"]);
        File.WriteAllText(_folder["001-a", "run.yaml"], "name: a");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_old_file_of_the_server_is_read_and_replaced_at_the_first_change()
    {
        File.WriteAllText(_folder["001-a", "server.json"], Server);
        var store = new FileRunStore(_folder.Path);
        StoredRun run = (await store.FindAsync("001-a", default))!;
        Assert.Equal(("001-a", 2, RunState.Pausing, 0L, "a note"), (run.Id, run.Workers, run.State, run.Version, run.Notes[0]));
        Assert.Equal(["001-a"], await store.ListActiveAsync(default));
        Assert.False(await store.AddAsync(run, default));
        StoredRun changed = (await store.ChangeAsync(run with { State = RunState.Paused }, default))!;
        Assert.Equal(1, changed.Version);
        Assert.Equal([FileRunStore.RunsFile, "run.yaml"],
            Directory.GetFiles(_folder["001-a"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(RunState.Paused, (await store.FindAsync("001-a", default))!.State);
    }

    [Theory]
    [InlineData(-1, RunState.Pausing)]
    [InlineData(1, RunState.Stopped)]
    public async Task Of_two_old_files_the_newer_one_counts(int minutes, RunState expected)
    {
        File.WriteAllText(_folder["001-a", "server.json"], Server);
        File.WriteAllText(_folder["001-a", "cluster.json"], Cluster);
        File.SetLastWriteTimeUtc(_folder["001-a", "cluster.json"],
            File.GetLastWriteTimeUtc(_folder["001-a", "server.json"]).AddMinutes(minutes));
        Assert.Equal(expected, (await new FileRunStore(_folder.Path).FindAsync("001-a", default))!.State);
    }

    [Fact]
    public async Task A_torn_old_file_is_ignored_in_favour_of_the_other_or_of_the_run_itself()
    {
        var store = new FileRunStore(_folder.Path);
        File.WriteAllText(_folder["001-a", "server.json"], "{");
        Assert.Null(await store.FindAsync("001-a", default));
        Assert.Empty(await store.ListAsync(default));
        File.WriteAllText(_folder["001-a", "cluster.json"], Cluster);
        File.SetLastWriteTimeUtc(_folder["001-a", "cluster.json"], DateTime.UtcNow.AddMinutes(-5));
        Assert.Equal(7, (await store.FindAsync("001-a", default))!.Version);
    }

    [Fact]
    public async Task The_old_file_of_a_sweep_is_not_taken_for_a_run_or_the_reverse()
    {
        var sweeps = new FileRunStore(_folder.Path, FileRunStore.SweepsFile);
        File.WriteAllText(_folder["001-a", "server.json"], Server);
        Assert.Empty(await sweeps.ListAsync(default));
        File.Move(_folder["001-a", "run.yaml"], _folder["001-a", "sweep.yaml"]);
        File.WriteAllText(_folder["001-a", "server.json"], """{ "submitted": "2026-01-02T03:04:05+00:00", "state": "finished", "notes": [], "error": null }""");
        Assert.Equal(RunState.Finished, Assert.Single(await sweeps.ListAsync(default)).State);
        Assert.Empty(await new FileRunStore(_folder.Path).ListAsync(default));
    }
}
