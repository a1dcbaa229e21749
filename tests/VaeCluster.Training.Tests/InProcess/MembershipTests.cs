using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.InProcess;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Tests.Interpreted;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Training.Tests.InProcess;

public sealed class MembershipTests : IDisposable
{
    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Workers_that_join_leave_and_are_lost_between_and_within_steps_do_not_change_the_weights()
    {
        float[] expected = await Weights(workers: 1, (_, _) => { });
        float[] actual = await Weights(workers: 2, (cluster, step) =>
        {
            switch (step)
            {
                case 2:
                    cluster.Join();
                    cluster.Join();
                    break;
                case 3:
                    cluster.Leave("worker-0");
                    break;
                case 4:
                    cluster.Lose("worker-2");
                    break;
                case 5:
                    Assert.Equal(["worker-1", "worker-3"], cluster.Workers);
                    break;
            }
        });
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task A_worker_lost_while_it_computes_never_gets_to_push()
    {
        float[] expected = await Weights(workers: 1, (_, _) => { });
        InProcessCluster? cluster = null;
        int computed = 0;
        float[] actual = await Weights(
            workers: 2, (made, _) => cluster = made,
            (worker, step, node) =>
            {
                if (worker == "worker-0" && step == 3) cluster!.Lose(worker);
                if (step == 3) computed++;
            });
        Assert.Equal(expected, actual);

        // Half the tree each; the lost worker's half was computed in vain and given to the other.
        Assert.Equal(3, computed);
    }

    private async Task<float[]> Weights(int workers, Action<InProcessCluster, int> beforeStep,
        Action<string, int, Core.Reduction.TreeNode>? beforeNode = null)
    {
        RunSpec spec = _fixture.Spec();
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, 0);
        VaeModel model = VaeModel.Create(spec, data.Image);
        using var engine = new InterpretedEngine();
        await using var cluster = new InProcessCluster(new InProcessOptions
        {
            Training = spec.Training,
            Model = model,
            Engine = engine,
            Data = data.Train,
            Workers = workers,
            Threads = 1,
            BeforeNode = beforeNode,
        });
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, 1, []);
        await cluster.RestoreAsync(1, 0, weights, [new float[weights.Length], new float[weights.Length]], default);
        for (int step = 1; step <= 6; step++)
        {
            beforeStep(cluster, step);
            StepGradient gradient = await cluster.ComputeAsync(new StepPlan(1, step, ((step - 1) / 5) + 1, (step - 1) % 5, 1f), default);
            Assert.True(gradient.IsFinite);
            await cluster.ApplyAsync(new UpdateDecision(1, step, true, new UpdateStep(1f / 8, 0.01f, step)), null, default);
        }

        await cluster.SnapshotAsync(weights, [], default);
        return weights;
    }
}
