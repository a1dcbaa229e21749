using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Exchange;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>
/// A coordinator as <see cref="DistributedCluster"/> is one, cut into moves that others' moves may come between: opens a generation,
/// restores the ranges, deals shards, decides when every range has its root, and takes a snapshot after every second step.
/// </summary>
internal sealed class ModelCoordinator(World world, int home)
{
    private enum Phase
    {
        Opening,
        Restoring,
        Computing,
        Settling,
        Snapshot,
        Over,
    }

    private readonly RangePlace[] _places = [.. Arithmetic.Ranges.Select(range => new RangePlace(range, world.Silos[range.Index].Address))];
    private Phase _phase;
    private StepRoots? _roots;
    private UpdateDecision? _decision;
    private SnapshotSink? _sink;
    private float[] _weights = [], _moments = [];
    private int _step;

    internal int Generation { get; private set; }

    internal bool IsOver => _phase == Phase.Over;

    private LocalSilo Own => world.Silos[home];

    /// <summary>Does the next thing, if it can be done now.</summary>
    internal void Move()
    {
        switch (_phase)
        {
            case Phase.Opening:
                Open();
                break;
            case Phase.Restoring:
                // Completes at once where everything is there; else it is tried again.
                foreach (RangePlace place in _places)
                    if (!world.Silos[place.Range.Index].CommitAsync(World.Ticket.Id, Generation, place.Range.Index).IsCompletedSuccessfully)
                        return;
                Begin();
                break;
            case Phase.Computing when _roots!.All.IsCompletedSuccessfully:
                Decide(_roots.All.Result);
                break;
            case Phase.Settling:
                foreach (RangePlace place in _places) world.Silos[place.Range.Index].Apply(World.Ticket.Id, place.Range.Index, _decision!.Value);
                TakeSnapshot();
                break;
            case Phase.Snapshot when _sink!.Complete.IsCompletedSuccessfully:
                world.Save(Generation, _step, _weights, _moments);
                Own.Expect(World.Ticket, Generation, null);
                if (_step == Arithmetic.Steps) _phase = Phase.Over;
                else Begin();
                break;
        }
    }

    /// <summary>Something takes too long: asks the ranges, sends the weights again, deals what is missing to anybody.</summary>
    internal void LosePatience(Func<int, int> draw)
    {
        world.Trace?.Invoke($"generation {Generation} loses patience ({_phase}, step {_step})");
        if (_phase is Phase.Opening or Phase.Over) return;
        if (_phase is Phase.Restoring or Phase.Snapshot)
        {
            // A vector that was lost ends the generation.
            _phase = Phase.Opening;
            return;
        }

        if (_phase != Phase.Computing) return;
        HashSet<int> missing = [];
        foreach (RangePlace place in _places)
        {
            (LocalSilo silo, int range) = (world.Silos[place.Range.Index], place.Range.Index);
            if (_decision is { } last && last.Step == _step) silo.Apply(World.Ticket.Id, range, last);
            IReadOnlyList<int> absent = silo.Missing(World.Ticket.Id, Generation, range, _step + 1);
            missing.UnionWith(absent);
            foreach (ModelWorker worker in world.Workers) silo.Subscribe(World.Ticket.Id, Generation, range, worker.Own);
            if (absent.Count > 0) continue;
            Task<RangeGradient?> root = silo.AwaitAsync(World.Ticket.Id, Generation, range, _step + 1, TimeSpan.Zero);
            if (root is { IsCompletedSuccessfully: true, Result: { } gradient }) _roots!.Tell(range, _step + 1, gradient);
        }

        foreach (int shard in missing.Order()) Assign([TreeNode.Leaf(shard)], draw(world.Workers.Length));
    }

    private void Open()
    {
        (_decision, _sink) = (null, null);
        Generation = world.NextGeneration();
        (_step, _weights, _moments) = world.Load();
        world.Trace?.Invoke($"generation {Generation} opens at step {_step}");
        Own.Attend(World.Ticket, Generation, (range, of, gradient) => _roots?.Tell(range, of, gradient));
        foreach (ModelWorker worker in world.Workers) worker.Attach(Generation, _places);
        foreach (RangePlace place in _places)
        {
            world.Silos[place.Range.Index].Open(
                new RangeOpening(World.Ticket, Generation, _places.Length, place.Range.Index, _step,
                    [.. world.Workers.Select(worker => worker.Own)], Own.Address),
                place.Range, Arithmetic.Shards, new Arithmetic());
            foreach ((int part, float[] vector) in new[] { _weights, _moments }.Index())
            {
                var header = new TensorHeader
                {
                    Kind = TensorKind.Restore,
                    Run = World.Ticket.Key,
                    Generation = Generation,
                    Step = _step,
                    Range = place.Range.Index,
                    Part = part,
                    Count = place.Range.Length,
                    Total = place.Range.Length,
                };
                Own.Post(place.Silo, header, vector.AsMemory(place.Range.Offset, place.Range.Length), null);
            }
        }

        _phase = Phase.Restoring;
    }

    private void Begin()
    {
        _phase = Phase.Computing;
        _roots = new StepRoots(_step + 1, _places.Length);
        Assign([new TreeNode(1, 0)], 0);
        Assign([TreeNode.Leaf(2), TreeNode.Leaf(3)], 1);
    }

    private void Assign(TreeNode[] nodes, int worker)
    {
        var plan = new StepPlan(Generation, _step + 1, Epoch: 1, StepInEpoch: _step, Beta: 1);
        Own.Tell(world.Workers[worker].Own, "cpu:0", World.Ticket.Key, new Assignment(plan, nodes), null);
    }

    private void Decide(RangeGradient[] roots)
    {
        foreach (RangeGradient root in roots)
            Assert.True(root.Terms.Loss == Arithmetic.AllTerms, $"step {_step + 1} counted {(int)root.Terms.Loss:x}");
        _step++;
        world.Trace?.Invoke($"generation {Generation} decides step {_step}");
        _decision = new UpdateDecision(Generation, _step, Apply: true, new UpdateStep(1, 1, _step));
        foreach (RangePlace place in _places) Own.Tell(place.Silo, place.Range.Index, World.Ticket.Key, _decision.Value);
        if (_step % 2 == 0) _phase = Phase.Settling;
        else Begin();
    }

    private void TakeSnapshot()
    {
        (_weights, _moments) = (new float[Arithmetic.Length], new float[Arithmetic.Length]);
        _sink = new SnapshotSink(_step, Arithmetic.Ranges, [_weights, _moments]);
        Own.Expect(World.Ticket, Generation, _sink);
        _phase = Phase.Snapshot;
        foreach (RangePlace place in _places)
            _ = world.Silos[place.Range.Index].SendAsync(World.Ticket.Id, Generation, place.Range.Index, _step, Own.Address, moments: true);
    }
}
