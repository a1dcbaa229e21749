using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Whole runs: any number of workers, and a checkpoint that changes engines.</summary>
public sealed class TrainingTests : IDisposable
{
    private const string Layers = "model.architecture=conv model.layers=[{\"channels\":4,\"kernel\":2,\"padding\":0}] model.hidden=[6]";

    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData(1, 2, 1, false)]
    [InlineData(2, 2, 2, false)]
    [InlineData(4, 4, 1, false)]
    [InlineData(3, 2, 3, false)]
    [InlineData(1, 2, 1, true)]
    [InlineData(2, 2, 2, true)]
    [InlineData(4, 2, 1, true)]
    public void Workers_threads_and_ranges_do_not_change_the_weights(int workers, int threads, int ranges, bool convolutions)
    {
        RunSpec Spec() => _fixture.Spec(convolutions ? Layers : string.Empty);
        string expected = _fixture.Train("alone", TrainingFixture.Options(engine: Torch), Spec()).WeightsSha256;
        Assert.Equal(expected, _fixture.Train("divided", TrainingFixture.Options(workers, threads, ranges, Torch), Spec()).WeightsSha256);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_of_one_engine_goes_on_in_the_other(bool torchFirst)
    {
        Func<IEngine> first = torchFirst ? Torch : () => new ManagedEngine(), second = torchFirst ? () => new ManagedEngine() : Torch;
        RunResult whole = _fixture.Train("whole", TrainingFixture.Options(engine: first));

        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(engine: first, beforeNode: (_, step, _) =>
        {
            if (step == 7) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(_fixture.Spec(), _fixture.In("changed"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        RunResult changed = _fixture.Resume("changed", TrainingFixture.Options(engine: second));

        Assert.Equal(Enumerable.Range(1, whole.Steps), _fixture.LoggedSteps("changed"));
        Assert.Equal(whole.Train!.Loss, changed.Train!.Loss, whole.Train.Loss * 1e-4);
        Assert.StartsWith(torchFirst ? "managed" : "torch", changed.Engine, StringComparison.Ordinal);
    }

    private static IEngine Torch() => Engines.Create();
}
