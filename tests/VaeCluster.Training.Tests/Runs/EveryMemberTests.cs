using VaeCluster.Engine.Managed;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>P1 and P2 for every objective, prior and posterior that a run file may name: a new one is tested without being written here.</summary>
public sealed class EveryMemberTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public static TheoryData<string> Objectives =>
        [.. ObjectiveFamily.Members.Select(member => $"objective.kind={member.Name}"), "objective.kind=iwae objective.estimator=dreg",
            "objective.kind=ae objective.penalty=sparse-kl", "objective.kind=ae objective.penalty=l1",
            .. PriorFamily.Members.Where(member => member.Name != StandardPrior.Name)
                .Select(member => $"model.prior.kind={member.Name} model.prior.components=3"),
            .. PosteriorFamily.Members.Where(member => member.Name != GaussianPosterior.Name)
                .Select(member => $"model.posterior.kind={member.Name} model.posterior.steps=2")];

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Workers_ranges_and_a_stop_do_not_change_the_weights(string objective)
    {
        string expected = _fixture.Train("alone", Options(1, 1), _fixture.Spec(objective)).WeightsSha256;
        foreach ((int workers, int ranges) in new[] { (1, 2), (2, 1), (3, 2) })
            Assert.Equal(expected, _fixture.Train($"{workers}-{ranges}", Options(workers, ranges), _fixture.Spec(objective)).WeightsSha256);

        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(2, 2, engine: () => new ManagedEngine(), beforeNode: (_, step, _) =>
        {
            if (step == 7) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(_fixture.Spec(objective), _fixture.In("stopped"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        Assert.Equal(expected, _fixture.Resume("stopped", Options(3, 1)).WeightsSha256);
    }

    private static TrainingOptions Options(int workers, int ranges) =>
        TrainingFixture.Options(workers, 1, ranges, () => new ManagedEngine());
}
