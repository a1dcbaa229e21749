using System.Collections.Concurrent;
using VaeCluster.Distributed.Messages;
using VaeCluster.Engine.Managed;
using VaeCluster.Exchange;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Tests.Interpreted;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Distributed.Tests;

/// <summary>P1 and P2 over several silos, with faults at every place, and no platform below.</summary>
public sealed class DistributedTests : IDisposable
{
    // Three blocks: enough for three ranges.
    private const string Wide = "model.hidden=[1000]";

    private readonly TrainingFixture _fixture = new();
    private readonly string _expected;

    public DistributedTests() => _expected = _fixture.Train(
        "alone", TrainingFixture.Options(engine: () => new ManagedEngine()), _fixture.Spec(Wide)).WeightsSha256;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 1, 3)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 3, 3)]
    public async Task Silos_devices_and_ranges_do_not_change_the_weights(int silos, int devices, int ranges)
    {
        using SimulatedCluster cluster = Cluster(ranges);
        SimulatedSilo[] all = [.. Enumerable.Range(0, silos).Select(i => cluster.Add($"silo-{i}", devices))];
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(all[0]));
        Assert.Equal(_expected, result.WeightsSha256);
    }

    [Fact]
    public async Task A_worker_that_vanishes_in_mid_run_costs_no_step_and_no_generation()
    {
        using SimulatedCluster cluster = Cluster(1);
        SimulatedSilo first = cluster.Add("a-server", devices: 1);
        SimulatedSilo second = cluster.Add("worker", devices: 1, serves: false);
        cluster.At(4, () => second.IsGone = true);
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains("worker/cpu:0 is lost", StringComparison.Ordinal));
        Assert.All(_fixture.Checkpoints("run"), name => Assert.EndsWith("-g1", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_joins_and_one_that_leaves_change_nothing()
    {
        using SimulatedCluster cluster = Cluster(1);
        SimulatedSilo first = cluster.Add("a-server", devices: 1);
        SimulatedSilo leaves = cluster.Add("leaves", devices: 1, serves: false);
        cluster.At(3, () => cluster.Add("joins", devices: 1, serves: false));
        cluster.At(6, leaves.Drain);
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains("leaves/cpu:0 leaves", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TensorKind.Assignment)]
    [InlineData(TensorKind.Root)]
    [InlineData(TensorKind.Decision)]
    public async Task A_note_that_is_lost_costs_time_and_nothing_else(TensorKind kind)
    {
        // Twenty times as fast: a shard that nobody computes is late after three seconds.
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 2, Time = new BeatTime(20), Lease = TimeSpan.FromSeconds(20) };
        SimulatedSilo first = cluster.Add("a", devices: 1);
        cluster.Add("b", devices: 1);
        var lost = new ConcurrentBag<int>();
        cluster.Loses = header =>
        {
            bool isLost = header.Kind == kind && header.Step is (3 or 9);
            if (isLost) lost.Add(header.Step);
            return isLost;
        };
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Equal([3, 9], lost.Distinct().Order());
        Assert.All(_fixture.Checkpoints("run"), name => Assert.EndsWith("-g1", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_is_stuck_in_a_step_is_stopped_with_a_checkpoint_of_the_step_before_and_resumes_to_the_same_weights()
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1, Time = new BeatTime(20), Lease = TimeSpan.FromSeconds(20) };
        SimulatedSilo first = cluster.Add("a", devices: 0);
        cluster.Add("b", devices: 1, serves: false);
        var stuck = new TaskCompletionSource();
        bool loses = true;
        cluster.Loses = header =>
        {
            bool isLost = Volatile.Read(ref loses) && header is { Kind: TensorKind.Gradient, Step: 6 };
            if (isLost) stuck.TrySetResult();
            return isLost;
        };
        await cluster.SubmitAsync(Wide);
        RunDriver driver = cluster.Drive(first);
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(60));
        StoredRun run = (await cluster.Store.FindAsync("run", default))!;
        while (await cluster.Store.ChangeAsync(run with { State = RunState.Stopping }, default) is null)
            run = (await cluster.Store.FindAsync("run", default))!;
        driver.Stop();
        await driver.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        StoredRun stopped = (await cluster.Store.FindAsync("run", default))!;
        Assert.Equal(RunState.Stopped, stopped.State);
        Assert.DoesNotContain(cluster.Notes, note => note.Contains("given up", StringComparison.Ordinal));
        Assert.Contains("step-00000005-g1", _fixture.Checkpoints("run"));

        Volatile.Write(ref loses, false);
        await cluster.Store.ChangeAsync(stopped with { State = RunState.Queued }, default);
        Assert.Equal(_expected, (await cluster.EndAsync(cluster.Drive(first))).WeightsSha256);
    }

    [Fact]
    public async Task A_lost_range_rolls_all_ranges_back_to_one_checkpoint()
    {
        using SimulatedCluster cluster = Cluster(2);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 1);
        cluster.Add("c", devices: 0);
        cluster.At(5, () => second.IsGone = true);
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(_fixture.Checkpoints("run"), name => name.EndsWith("-g2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_range_that_is_lost_while_a_worker_joins_rolls_back_and_ends_no_run(bool platformKnows)
    {
        using SimulatedCluster cluster = Cluster(2);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 1);
        cluster.OnSubscribe = target =>
        {
            // What a platform answers that has noticed first, or the silence of one that has not.
            if (target != second || second.IsGone) return;
            second.IsGone = true;
            if (platformKnows) throw new InvalidOperationException("The target silo became unavailable");
        };

        // It opens the data meanwhile: the run must not be over before.
        SimulatedSilo? joins = null;
        cluster.At(5, () => joins = cluster.Add("joins", devices: 1, serves: false));
        cluster.At(7, () => joins!.Attached.Task);
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.True(second.IsGone);
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(_fixture.Checkpoints("run"), name => name.EndsWith("-g2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_range_whose_silo_drains_moves_and_no_step_is_done_again()
    {
        using SimulatedCluster cluster = Cluster(2);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 0);
        cluster.Add("c", devices: 0);
        cluster.At(5, second.Drain);
        await cluster.SubmitAsync(Wide);
        RunDriver driver = cluster.Drive(first);
        RunResult result = await cluster.EndAsync(driver);
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains("its range moves", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_coordinator_that_hangs_is_refused_when_it_wakes()
    {
        using SimulatedCluster cluster = Cluster(2);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 1);
        RunDriver? successor = null;
        var taken = new TaskCompletionSource();
        cluster.At(4, () =>
        {
            // The successor takes over while the first still runs: two coordinators at once.
            successor = cluster.Drive(second);
            taken.SetResult();
        });
        await cluster.SubmitAsync(Wide);
        RunDriver hung = cluster.Drive(first);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(60));
        RunResult result = await cluster.EndAsync(successor!);
        await hung.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains("has been replaced by generation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_first_activations_that_race_end_in_the_same_bits()
    {
        using SimulatedCluster cluster = Cluster(2);
        SimulatedSilo first = cluster.Add("a", devices: 1), second = cluster.Add("b", devices: 1);
        await cluster.SubmitAsync(Wide);
        RunDriver[] both = await Task.WhenAll(Task.Run(() => cluster.Drive(first)), Task.Run(() => cluster.Drive(second)));
        await Task.WhenAll(both.Select(driver => driver.Ended)).WaitAsync(TimeSpan.FromSeconds(60));
        RunResult result = await cluster.EndAsync(both[0]);
        Assert.Equal(_expected, result.WeightsSha256);
    }

    [Fact]
    public async Task A_worker_of_other_arithmetic_gets_no_shards()
    {
        using SimulatedCluster cluster = Cluster(1);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo other = cluster.Add("b", devices: 1, serves: false, engine: new InterpretedEngine());
        await cluster.SubmitAsync(Wide);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.NotNull(other);
        Assert.Equal(1, cluster.Notes.Count(note => note.Contains("gets no shards", StringComparison.Ordinal)
            && note.Contains("interpreted float64", StringComparison.Ordinal)));
        Assert.NotNull(result.WeightsSha256);
    }

    [Fact]
    public async Task A_worker_with_other_data_gets_no_shards_and_both_fingerprints_are_named()
    {
        using SimulatedCluster cluster = Cluster(1);
        SimulatedSilo first = cluster.Add("a", devices: 1);
        await cluster.SubmitAsync(Wide);
        RunDriver driver = cluster.Drive(first);
        RunResult result = await cluster.EndAsync(driver);
        string wrong = new('0', 64);
        var ticket = new RunTicket("other", File.ReadAllText(new RunFolder(_fixture.In("run")).SpecPath) + string.Empty, wrong);
        WorkerStatement statement = await first.Silo.AttachAsync("cpu:0", ticket, 1, []);
        Assert.NotEqual(wrong, statement.Fingerprint);
        Assert.Equal(_expected, result.WeightsSha256);
    }

    [Fact]
    public async Task A_silo_refuses_an_older_generation()
    {
        using SimulatedCluster cluster = Cluster(1);
        SimulatedSilo silo = cluster.Add("a", devices: 1);
        string text = Core.Specs.RunFile.Write(_fixture.Spec(Wide));
        var ticket = new RunTicket("other", text, "any");
        await silo.Silo.OpenAsync(new RangeOpening(ticket, 2, 1, 0, 0, []));
        StaleGenerationException fault = await Assert.ThrowsAsync<StaleGenerationException>(() =>
            silo.Silo.OpenAsync(new RangeOpening(ticket, 1, 1, 0, 0, [])));
        Assert.Equal((1, 2), (fault.Generation, fault.Newest));
    }

    private SimulatedCluster Cluster(int ranges) => new(_fixture) { Ranges = ranges };
}
