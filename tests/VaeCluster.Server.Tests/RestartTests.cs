using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Local;
using VaeCluster.Server.Runs;
using VaeCluster.Server.Tests.Fixtures;

namespace VaeCluster.Server.Tests;

public sealed class RestartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_stopped_in_the_middle_leaves_a_checkpoint_and_its_successor_resumes_to_the_same_weights()
    {
        RunInfo first, second;
        ServerEvent last;
        using (var gate = new Gate(10))
        {
            await using TestServer server = await TestServer.StartAsync(_folder["runs"], beforeNode: gate.Before);
            first = await server.SubmitAsync();
            second = await server.SubmitAsync(TinyRun.Text.Replace("seed: 1", "seed: 2", StringComparison.Ordinal));
            await gate.Reached;
            gate.Open();
            await using EventReader events = await EventReader.OpenAsync(server.Client, $"{TestServer.Runs}/{first.Id}/events");
            last = (await events.TakeAsync(2))[^1];
        }

        await using TestServer successor = await TestServer.StartAsync(_folder["runs"]);
        RunState state = (await successor.ShowAsync(first.Id)).State;
        Assert.True(state is RunState.Stopped or RunState.Finished, $"{state}");
        await successor.PostAsync($"{TestServer.Runs}/{first.Id}/resume");
        await using EventReader rest = await EventReader.OpenAsync(successor.Client, $"{TestServer.Runs}/{first.Id}/events", last.Id);
        var steps = new List<int>();
        await foreach (ServerEvent item in rest.ReadAsync())
            if (item.Type == "step") steps.Add(item.Step);
        Assert.Equal(Enumerable.Range(3, TinyRun.Steps - 2), steps);
        RunInfo end = await successor.FollowAsync(first.Id);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, end.Result!.WeightsSha256);

        // What was queued goes on by itself.
        RunInfo other = await successor.FollowAsync(second.Id);
        Assert.Equal(RunState.Finished, other.State);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder, "training.seed=2").WeightsSha256, other.Result!.WeightsSha256);
    }

    [Fact]
    public async Task Stopping_the_server_stops_a_run_after_its_step_with_a_checkpoint_of_it()
    {
        using var gate = new Gate(6);
        RunInfo run;
        await using (TestServer server = await TestServer.StartAsync(_folder["runs"], beforeNode: gate.Before))
        {
            run = await server.SubmitAsync();
            await gate.Reached;
            Task stopping = server.DisposeAsync().AsTask();
            Assert.False(stopping.IsCompletedSuccessfully);
            gate.Open();
            await stopping;
        }

        string checkpoints = Path.Combine(_folder["runs"], run.Id, "checkpoints");
        Assert.Contains(Directory.GetDirectories(checkpoints, "step-*"), path => string.CompareOrdinal(Path.GetFileName(path), "step-00000005") >= 0);
        await using TestServer successor = await TestServer.StartAsync(_folder["runs"]);
        await successor.PostAsync($"{TestServer.Runs}/{run.Id}/resume");
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, (await successor.FollowAsync(run.Id)).Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_second_server_on_one_folder_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        var fault = Assert.Throws<BadInputException>(() => new LocalRunService(new LocalRunOptions { RunsFolder = _folder["runs"], Engine = () => new ManagedEngine() }));
        Assert.Equal("--runs", fault.File);
    }
}
