using System.Net;
using VaeCluster.Core;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Engine.Managed;
using VaeCluster.Exchange;
using VaeCluster.Models;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Distributed.Tests;

/// <summary>
/// Somebody on the tensor port who knows the cluster, the run and its generation, and even the secret: the attacked run ends with the
/// bits of an honest one.
/// </summary>
public sealed class AttackTests : IDisposable
{
    private const int Shards = 8, Steps = 15;

    private static readonly ulong Run = RunTicket.KeyOf("run");

    private readonly TrainingFixture _fixture = new();
    private readonly string _expected;

    public AttackTests() =>
        _expected = _fixture.Train("alone", TrainingFixture.Options(engine: () => new ManagedEngine()), _fixture.Spec()).WeightsSha256;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Gradients_of_a_silo_that_is_no_worker_are_ignored_and_told_with_its_name()
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1 };
        (RunResult result, _) = await AttackAsync(cluster, endpoint: "10.0.0.9:11211", (sender, step, length) =>
        {
            for (int part = 1; part < 2 * Shards; part++)
                sender.Post(Header(TensorKind.Gradient, step) with { Part = part }, Forged(length), null);
        });
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.Contains(cluster.Notes, note => note.Contains(
            "gradients of attacker (10.0.0.9:11211) at 127.0.0.1:", StringComparison.Ordinal));

        // The run itself says so, once.
        StoredRun run = (await cluster.Store.FindAsync(SimulatedCluster.Run, default))!;
        Assert.Single(run.Notes, note => note.EndsWith(
            "gradients of attacker (10.0.0.9:11211) at 127.0.0.1 are ignored: it is no worker of the run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task Weights_of_a_step_that_the_run_never_reaches_and_those_of_a_silo_without_the_range_are_ignored(int ahead)
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1 };
        string endpoint = ahead == 1 ? "10.0.0.9:11211" : "memory:1";
        (RunResult result, _) = await AttackAsync(cluster, endpoint, (sender, step, length) =>
            sender.Post(Header(TensorKind.Weights, (int)Math.Min(int.MaxValue, (long)step + ahead)), Forged(length), null));
        Assert.Equal(_expected, result.WeightsSha256);
    }

    // One kind at a time: a note that closes its connection is sent again, and a slow machine may get no further before the run ends.
    [Theory]
    [InlineData(true, "none of this run's")]
    [InlineData(false, "cannot be read")]
    public async Task A_malformed_assignment_closes_its_connection_and_no_worker_is_blamed(bool isReadable, string reason)
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1 };
        (RunResult result, IReadOnlyList<string> log) = await AttackAsync(cluster, endpoint: "memory:1", (sender, step, _) =>
        {
            if (!isReadable)
            {
                foreach (TensorKind kind in (TensorKind[])[TensorKind.Assignment, TensorKind.Root, TensorKind.Decision])
                    sender.Post(Header(kind, step), new float[] { 1f }, null);
                return;
            }

            var plan = new StepPlan(1, step, Epoch: 1, StepInEpoch: 0, Beta: 1, Capacity: 0);
            TreeNode[] leaf = [TreeNode.Leaf(0)];
            foreach (Assignment assignment in (Assignment[])[
                new(plan, [new TreeNode(7, -5)]), new(plan, [new TreeNode(-1, 0)]), new(plan, [new TreeNode(0, Shards)]),
                new(plan with { Step = int.MaxValue }, leaf), new(plan with { Step = 0 }, leaf), new(plan with { Epoch = -3 }, leaf),
                new(plan with { StepInEpoch = 1_000_000 }, leaf), new(plan, new TreeNode[3 * Shards])])
            {
                float[] words = StepNotes.Write("cpu:0", assignment);
                sender.Post(Header(TensorKind.Assignment, assignment.Plan.Step), words, null);
            }
        });
        Assert.Equal(_expected, result.WeightsSha256);
        Assert.DoesNotContain(cluster.Notes, note => note.Contains("is lost", StringComparison.Ordinal)
            || note.Contains("failed", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restore_and_a_snapshot_that_nobody_waits_for_change_nothing()
    {
        using var cluster = new SimulatedCluster(_fixture) { Ranges = 1 };
        (RunResult result, _) = await AttackAsync(cluster, endpoint: "memory:1", (sender, step, length) =>
        {
            for (int part = -1; part < 4; part++)
            {
                sender.Post(Header(TensorKind.Restore, step) with { Part = part }, Forged(length), null);
                sender.Post(Header(TensorKind.Snapshot, step) with { Part = part, Range = 7 }, Forged(length), null);
            }
        });
        Assert.Equal(_expected, result.WeightsSha256);
    }

    private async Task<(RunResult Result, IReadOnlyList<string> Log)> AttackAsync(
        SimulatedCluster cluster, string endpoint, Action<TensorSender, int, int> attack)
    {
        List<string> log = [];
        var options = new ExchangeOptions
        {
            ClusterId = "test",
            Name = "silo",
            Secret = new ClusterSecret(ClusterSecret.NewText()),
            RetryPause = TimeSpan.Zero,
            Log = line =>
            {
                lock (log) log.Add(line);
            },
        };
        SimulatedSilo first = cluster.Add("a", devices: 1);
        cluster.Add("b", devices: 1, serves: false);
        using var listener = new TensorListener(new IPEndPoint(IPAddress.Loopback, 0), first.Silo, options);
        using var sender = new TensorSender(
            "127.0.0.1", listener.EndPoint.Port, options with { Name = "attacker", Endpoint = endpoint });
        int length = VaeModel.Create(_fixture.Spec(), new ImageShape(1, 4, 4)).Layout.Length;
        for (int step = 1; step <= Steps; step++)
        {
            int now = step;

            // Before the decision of a step, so that some of it arrives while the next step is computed.
            cluster.At(step, () =>
            {
                for (int next = now; next <= now + 1; next++) attack(sender, next, length);
            });
        }

        await cluster.SubmitAsync();
        RunResult result = await cluster.EndAsync(cluster.Drive(first));
        lock (log) return (result, [.. log]);
    }

    private static float[] Forged(int length)
    {
        var forged = new float[length];
        Array.Fill(forged, 1e6f);
        return forged;
    }

    private static TensorHeader Header(TensorKind kind, int step) => new() { Kind = kind, Run = Run, Generation = 1, Step = step };
}
