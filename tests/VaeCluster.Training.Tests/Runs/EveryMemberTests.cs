using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>
/// P1 and P2 for every objective, prior and posterior that a run file may name, a new one without being written here, and for the layers of
/// the architectures.
/// </summary>
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

    /// <summary>The network, and what else the run has.</summary>
    public static TheoryData<string, string> Networks => new()
    {
        { "architecture: mlp, hidden: [5], activation: silu, normalization: layer", string.Empty },
        { "architecture: mlp, hidden: [6], normalization: group, groups: 3", string.Empty },
        { "architecture: mlp, hidden: [5], dropout: 0.3", string.Empty },
        { "architecture: mlp, hidden: [5], dropout: 0.3", "objective.kind=iwae" },
        { "architecture: mlp, hidden: [5], dropout: 0.3", "objective.kind=beta-tcvae" },
        { "architecture: conv, layers: [{ channels: 4 }], hidden: [6]", string.Empty },
        { "architecture: conv, layers: [{ channels: 4 }], hidden: [6], normalization: group, groups: 2, dropout: 0.2", string.Empty },
        { "architecture: conv, layers: [{ channels: 4 }], hidden: [6], normalization: layer, activation: silu", string.Empty },
        { "architecture: resnet, channels: [2, 4], groups: 2", string.Empty },
        {
            "architecture: resnet, channels: [4], stem: 2, groups: 2, dropout: 0.2, upsampling: transposed, downsampling: average",
            "objective.kind=iwae"
        },
    };

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Workers_ranges_and_a_stop_do_not_change_the_weights(string objective) => Check(() => _fixture.Spec(objective));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Workers_ranges_and_a_stop_do_not_change_the_weights_of_a_network(string network, string more) =>
        Check(() => _fixture.Spec(more, network: network));

    private void Check(Func<RunSpec> spec)
    {
        string expected = _fixture.Train("alone", Options(1, 1), spec()).WeightsSha256;
        foreach ((int workers, int ranges) in new[] { (1, 2), (2, 1), (3, 2) })
            Assert.Equal(expected, _fixture.Train($"{workers}-{ranges}", Options(workers, ranges), spec()).WeightsSha256);

        using var stop = new CancellationTokenSource();
        TrainingOptions stopping = TrainingFixture.Options(2, 2, engine: () => new ManagedEngine(), beforeNode: (_, step, _) =>
        {
            if (step == 7) stop.Cancel();
        });
        TrainingRun run = TrainingRun.Prepare(spec(), _fixture.In("stopped"), force: false, stopping);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
        Assert.Equal(expected, _fixture.Resume("stopped", Options(3, 1)).WeightsSha256);
    }

    private static TrainingOptions Options(int workers, int ranges) =>
        TrainingFixture.Options(workers, 1, ranges, () => new ManagedEngine());
}
