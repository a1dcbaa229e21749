using VaeCluster.Core.Parameters;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly ManualResetEventSlim _fence = new(initialState: false), _isAsked = new(initialState: false);
    private readonly List<int> _written = [];
    private readonly CheckpointStore _store;
    private Exception? _fault;

    public CheckpointWriterTests() => _store = new CheckpointStore(_folder, Layout(), moments: 1);

    public void Dispose()
    {
        _fence.Dispose();
        _isAsked.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void While_the_fence_is_away_the_newest_copy_is_kept_and_written_when_it_is_back()
    {
        using CheckpointWriter writer = Create();
        writer.Begin(State(1), 1, Fill(1));
        Assert.True(_isAsked.Wait(Limit));
        writer.BeginOrKeep(State(2), 1, Fill(2));
        writer.BeginOrKeep(State(3), 1, Fill(3));
        Assert.True(writer.IsBusy);
        Assert.Empty(_store.List());
        _fence.Set();
        writer.Wait();
        Assert.Equal([1, 3], _written);
        Assert.Equal([1, 3], _store.List().Select(info => info.Step).Order());
        foreach (CheckpointInfo info in _store.List())
        {
            Checkpoint checkpoint = _store.Read(info);
            Assert.All(checkpoint.Weights, value => Assert.Equal(info.Step, value));
            Assert.All(checkpoint.Moments[0], value => Assert.Equal(-info.Step, value));
        }

        // Buffers change places, and nothing that was kept comes twice.
        writer.BeginOrKeep(State(4), 1, Fill(4));
        writer.Wait();
        Assert.Equal([1, 3, 4], _written);
    }

    [Fact]
    public void A_fence_that_refuses_is_told_and_what_was_kept_is_forgotten()
    {
        using CheckpointWriter writer = Create();
        writer.Begin(State(1), 1, Fill(1));
        Assert.True(_isAsked.Wait(Limit));
        writer.BeginOrKeep(State(2), 1, Fill(2));
        _fault = new StaleGenerationException(1, 2);
        _fence.Set();
        Assert.Throws<StaleGenerationException>(writer.Wait);
        Assert.Empty(_store.List());
        _fault = null;
        writer.BeginOrKeep(State(5), 3, Fill(5));
        writer.Wait();
        Assert.Equal([5], _written);
    }

    [Fact]
    public void A_copy_that_fails_half_way_is_not_written()
    {
        using CheckpointWriter writer = Create();
        writer.Begin(State(1), 1, Fill(1));
        Assert.True(_isAsked.Wait(Limit));
        writer.BeginOrKeep(State(2), 1, Fill(2));
        Assert.Throws<IOException>(() => writer.BeginOrKeep(State(3), 1, (_, _) => throw new IOException("gone")));
        _fence.Set();
        writer.Wait();
        Assert.Equal([1], _written);
    }

    private static ParameterLayout Layout()
    {
        var layout = new ParameterLayout.Builder();
        layout.Add("w", [2, 3], fanIn: 0);
        return layout.Build();
    }

    private static TrainingState State(int step) => new() { Step = step, Updates = step };

    private static Action<float[], float[][]> Fill(int value) => (weights, moments) =>
    {
        weights.AsSpan().Fill(value);
        moments[0].AsSpan().Fill(-value);
    };

    private CheckpointWriter Create() => new(_store, Layout().Length, 1, keep: 5, BeforePublish, _written.Add);

    private void BeforePublish()
    {
        _isAsked.Set();
        Assert.True(_fence.Wait(Limit));
        if (_fault is { } fault) throw fault;
    }
}
