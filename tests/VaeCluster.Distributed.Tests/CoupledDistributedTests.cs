using VaeCluster.Engine.Managed;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Distributed.Tests;

/// <summary>The exchange of a coupled objective over several silos, with faults.</summary>
public sealed class CoupledDistributedTests : IDisposable
{
    // Three blocks: enough for three ranges.
    private const string Run = "objective.kind=capacity objective.gamma=20 objective.to=3 model.hidden=[1000]";

    private readonly TrainingFixture _fixture = new();
    private readonly string _expected;

    public CoupledDistributedTests() => _expected = _fixture.Train(
        "alone", TrainingFixture.Options(engine: () => new ManagedEngine()), _fixture.Spec(Run)).WeightsSha256;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 3, 3)]
    public async Task Sites_devices_and_ranges_do_not_change_the_weights(int silos, int devices, int ranges)
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = ranges };
        SimulatedSilo[] all = [.. Enumerable.Range(0, silos).Select(i => cluster.Add($"silo-{i}", devices))];
        await cluster.SubmitAsync(Run);
        RunResult result = await cluster.EndAsync(cluster.Drive(all[0]));
        Assert.Equal(_expected, result.WeightsSha256);
    }

    [Fact]
    public async Task The_average_of_the_weights_is_that_of_one_process()
    {
        RunResult expected = _fixture.Train(
            "averaged", TrainingFixture.Options(engine: () => new ManagedEngine()), _fixture.Spec($"{Run} {TrainingFixture.Average}"));
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 2 };
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 1);
        cluster.Add("c", devices: 0);
        cluster.At(5, () => second.IsGone = true);
        await cluster.SubmitAsync($"{Run} {TrainingFixture.Average}");
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.NotNull(expected.AverageSha256);
        Assert.Equal((expected.WeightsSha256, expected.AverageSha256), (result.WeightsSha256, result.AverageSha256));
    }

    [Fact]
    public async Task A_worker_that_vanishes_before_it_has_measured_costs_no_step_and_no_generation()
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1 };
        SimulatedSilo first = cluster.Add("a-server", devices: 1);
        SimulatedSilo second = cluster.Add("worker", devices: 2, serves: false);
        cluster.At(4, () => second.IsGone = true);
        await cluster.SubmitAsync(Run);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains("worker/cpu:0 is lost", StringComparison.Ordinal));
        Assert.All(_fixture.Checkpoints("run"), name => Assert.EndsWith("-g1", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_range_rolls_all_ranges_back_to_one_checkpoint()
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 2 };
        SimulatedSilo first = cluster.Add("a", devices: 1);
        SimulatedSilo second = cluster.Add("b", devices: 1);
        cluster.Add("c", devices: 0);
        cluster.At(5, () => second.IsGone = true);
        await cluster.SubmitAsync(Run);
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(_fixture.Checkpoints("run"), name => name.EndsWith("-g2", StringComparison.Ordinal));
    }
}
