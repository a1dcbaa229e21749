using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.InProcess;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests;

public sealed class RestartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_of_a_stopped_server_continues_on_its_successor_to_the_same_weights()
    {
        RunInfo first, second;
        using (var gate = new Gate(10))
        {
            await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
            first = await server.SubmitAsync();
            second = await server.SubmitAsync(TinyRun.Text.Replace("seed: 1", "seed: 2", StringComparison.Ordinal));
            await gate.Reached;
            Task stopping = await server.BeginStopAsync();
            Assert.False(stopping.IsCompleted);
            gate.Open();
            await stopping;
        }

        string checkpoint = Path.GetFileName(Directory.GetDirectories(_folder[$"runs/{first.Id}/checkpoints"], "step-*")
            .Order(StringComparer.Ordinal).Last());
        Assert.True(checkpoint is "step-00000009-g1" or "step-00000010-g1", checkpoint);
        using var again = new Gate(12);
        await using TestServer successor = await TestServer.StartAsync(_folder["runs"], gate: again);
        await again.Reached;
        Assert.Equal((RunState.Running, RunState.Queued),
            ((await successor.ShowAsync(first.Id)).State, (await successor.ShowAsync(second.Id)).State));
        ServerEvent last;
        await using (EventReader begun = await EventReader.OpenAsync(successor.Client, $"{TestServer.Runs}/{first.Id}/events")) last =
            (await begun.TakeAsync(2))[^1];
        again.Open();
        await using EventReader rest = await EventReader.OpenAsync(successor.Client, $"{TestServer.Runs}/{first.Id}/events", last.Id);
        var steps = new List<int>();
        await foreach (ServerEvent item in rest.ReadAsync())
            if (item.Type == "step") steps.Add(item.Step);
        Assert.Equal(Enumerable.Range(3, TinyRun.Steps - 2), steps);
        RunInfo end = await successor.FollowAsync(first.Id);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, end.Result!.WeightsSha256);

        // What was queued continues by itself.
        RunInfo other = await successor.FollowAsync(second.Id);
        Assert.Equal(RunState.Finished, other.State);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder, "training.seed=2").WeightsSha256, other.Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_second_server_on_one_folder_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(
            () => InProcessService.OpenAsync(new InProcessOptions { RunsFolder = _folder["runs"], Engine = () => new ManagedEngine() }));
        Assert.Equal("--runs", fault.File);
    }
}
