using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>A worker with the real replica of the weights: what it is assigned waits for them, and is computed at some later moment.</summary>
internal sealed class ModelWorker(World world, SiloEndpoint own)
{
    private readonly Queue<(Assignment Assignment, TreeNode Node)> _ready = [];
    private Replica? _replica;

    internal SiloEndpoint Own => own;

    internal int Generation { get; private set; }

    internal bool HasWork => _ready.Count > 0;

    /// <summary>Enters a generation; its weights are still to come.</summary>
    internal void Attach(int generation, IReadOnlyList<RangePlace> places)
    {
        if (generation < Generation) throw new StaleGenerationException(generation, Generation);
        if (generation == Generation) return;
        Generation = generation;
        _ready.Clear();
        _replica = new Replica(new FlatWeights(), places, Arithmetic.Steps);
    }

    internal Memory<float> Accept(object from, in TensorHeader header)
    {
        if (header.Generation != Generation) return default;
        return header.Kind switch
        {
            TensorKind.Weights => _replica!.Accept(from, header),
            TensorKind.Assignment => new float[header.Count],
            _ => default,
        };
    }

    internal void Received(object from, in TensorHeader header, Memory<float> data)
    {
        if (header.Generation != Generation) return;
        if (header.Kind == TensorKind.Weights) _replica!.Received(from, header);
        else Assign(StepNotes.ReadAssignment(header, data.Span).Assignment);
    }

    internal void Closed(object from) => _replica?.Closed(from);

    /// <summary>Computes the next node with the weights that are there now, and sends it to every range.</summary>
    internal void Compute()
    {
        (Assignment assignment, TreeNode node) = _ready.Dequeue();
        int step = assignment.Plan.Step;
        world.Trace?.Invoke($"{own} computes {node} of generation {assignment.Plan.Generation}, step {step} from "
            + $"[{string.Join(", ", _replica!.Weights.Flat.ToArray())}]");
        ReadOnlySpan<float> weights = _replica!.Weights.Flat.Span;
        foreach (var range in Arithmetic.Ranges)
        {
            var gradient = new float[range.Length];
            LossTerms terms = default;
            for (int shard = node.FirstShard; shard < node.FirstShard + node.ShardCount; shard++)
            {
                terms += Arithmetic.Terms(shard);
                for (int i = 0; i < range.Length; i++)
                    gradient[i] += Arithmetic.Gradient(step, shard, range.Offset + i, weights[range.Offset + i]);
            }

            world.Post(own, world.Silos[range.Index].Address, new TensorHeader
            {
                Kind = TensorKind.Gradient,
                Run = World.Ticket.Key,
                Generation = assignment.Plan.Generation,
                Step = step,
                Range = range.Index,
                Part = node.HeapIndex(Arithmetic.Shards),
                Count = range.Length,
                Total = range.Length,
                Terms = terms,
            }, gradient, null);
        }
    }

    private void Assign(Assignment assignment) => _replica!.WhenAt(assignment.Plan.Step - 1, () =>
    {
        foreach (TreeNode node in assignment.Nodes) _ready.Enqueue((assignment, node));
    });
}
