using System.Diagnostics;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Exchange;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Workers;

namespace VaeCluster.Distributed.Workers;

/// <summary>
/// One device's part in a run, in one generation: what it is assigned waits for the weights, is computed on the device's thread node by
/// node, and each node's gradient goes to the ranges.
/// </summary>
internal sealed class RunWorker : IDisposable
{
    private const int SmallestBucket = 1 << 16;

    private readonly Replica _replica;
    private readonly DeviceThread _thread;
    private readonly Worker _worker;
    private readonly VectorPool _vectors;
    private readonly Action<Bucket> _push;
    private readonly Action<Exception> _failed;
    private readonly RunMaterial _material;
    private readonly string _name;
    private readonly PhaseTimeline _timeline;
    private volatile bool _isRetired;

    /// <summary>A worker with nothing to do yet.</summary>
    /// <param name="name">The worker, as the timeline names it.</param>
    /// <param name="timeline">Told of its phases.</param>
    /// <param name="material">The run's data and model.</param>
    /// <param name="replica">The weights.</param>
    /// <param name="thread">The device.</param>
    /// <param name="push">Sends a part of a node's gradient to the ranges that own it.</param>
    /// <param name="failed">Told why the device could not compute.</param>
    internal RunWorker(
        string name, PhaseTimeline timeline, RunMaterial material, Replica replica, DeviceThread thread,
        Action<Bucket> push, Action<Exception> failed)
    {
        _name = name;
        _timeline = timeline;
        _material = material;
        _replica = replica;
        _thread = thread;
        _push = push;
        _failed = failed;
        _worker = new Worker(new WorkerOptions
        {
            Model = material.Model,
            Weights = replica.Weights,
            Data = material.Data.Train,
            Order = material.Order,
            Training = material.Spec.Training,
            Name = name,
            Timeline = timeline,
        });
        _vectors = new VectorPool(material.Model.Layout.Length);
    }

    /// <summary>Seconds of computing so far; the thread is idle or at other runs' work for the rest.</summary>
    internal double ComputeSeconds { get; private set; }

    /// <summary>No further node is begun; memory is let go by the device's thread.</summary>
    public void Dispose()
    {
        _isRetired = true;
        _thread.Post(_worker.Dispose);
    }

    /// <summary>
    /// Computes nodes as soon as the weights of the step before are there; until then the first one's examples are fetched.
    /// </summary>
    internal void Assign(Assignment assignment)
    {
        _thread.Post(() => Fetch(assignment));
        _replica.WhenAt(assignment.Plan.Step - 1, () =>
        {
            foreach (TreeNode node in assignment.Nodes) _thread.Post(() => Compute(assignment, node));
        });
    }

    /// <summary>Checks that an assignment is one of this run's.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <exception cref="ExchangeException">Its step, epoch or a node is none of the run's.</exception>
    internal void Demand(Assignment assignment)
    {
        StepPlan plan = assignment.Plan;
        int shards = _material.Spec.Training.Shards, stepsPerEpoch = _material.Order.StepsPerEpoch;
        bool isStep = plan.Step >= 1 && plan.Step <= _material.TotalSteps && plan.StepInEpoch >= 0 && plan.StepInEpoch < stepsPerEpoch
            && plan.Epoch >= 1 && plan.Epoch <= _material.Spec.Training.Epochs;
        if (isStep && assignment.Nodes.Length < 2 * shards && Array.TrueForAll(assignment.Nodes, node => node.IsOf(shards))) return;
        throw new ExchangeException($"an assignment of step {plan.Step} is none of this run's");
    }

    /// <summary>Measures what the examples of some nodes give to the exchange.</summary>
    internal Task<float[]> MeasureAsync(Assignment assignment)
    {
        var measured = new TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replica.WhenAt(assignment.Plan.Step - 1, () => _thread.Post(() =>
        {
            try
            {
                measured.SetResult(_isRetired ? [] : Measure(assignment));
            }
            catch (Exception fault)
            {
                _failed(fault);
                measured.SetException(fault);
            }
        }));
        return measured.Task;
    }

    /// <summary>Looks for shards that are not finite.</summary>
    /// <param name="plan">The step after the weights that the silo has.</param>
    internal Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(StepPlan plan)
    {
        var found = new TaskCompletionSource<IReadOnlyList<NonFiniteShard>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replica.WhenAt(plan.Step - 1, () => _thread.Post(() =>
        {
            try
            {
                found.SetResult(_worker.FindNonFinite(plan, new float[_material.Model.Layout.Length]));
            }
            catch (Exception fault)
            {
                found.SetException(fault);
            }
        }));
        return found.Task;
    }

    private void Fetch(Assignment assignment)
    {
        if (_isRetired || assignment.Exchange is not null || assignment.Nodes.Length == 0) return;
        try
        {
            _worker.Fetch(assignment.Plan, assignment.Nodes[0]);
        }
        catch (Exception fault)
        {
            _failed(fault);
        }
    }

    private float[] Measure(Assignment assignment)
    {
        long started = Stopwatch.GetTimestamp();
        var exchange = new float[_worker.ExchangeLength];
        int length = exchange.Length / _material.Spec.Training.Shards;
        foreach (TreeNode node in assignment.Nodes) _worker.Measure(assignment.Plan, node, exchange);
        ComputeSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        return [.. assignment.Nodes.SelectMany(node => exchange.AsSpan(node.FirstShard * length, node.ShardCount * length).ToArray())];
    }

    private void Compute(Assignment assignment, TreeNode node)
    {
        if (_isRetired) return;
        StepPlan plan = assignment.Plan;
        try
        {
            long started = Stopwatch.GetTimestamp();
            PooledVector vector = _vectors.Rent(plan.Step);
            int end = vector.Elements.Length;
            LossTerms all = _worker.Compute(plan, node, vector.Elements, (first, terms) =>
            {
                // Small layers wait for larger ones: a message of its own costs more than it gains.
                if (end - first < SmallestBucket) return;
                _push(new Bucket(plan, node, vector, first, end - first, terms));
                end = first;
            }, assignment.Exchange);
            ComputeSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            StepTraces.Add("compute", assignment.Trace, started, plan.Step, _name);
            long pushing = Stopwatch.GetTimestamp();
            if (end > 0) _push(new Bucket(plan, node, vector, 0, end, all));
            long pushed = Stopwatch.GetTimestamp();
            TrainingInstruments.Phase(StepPhase.Push, pushing, pushed);
            _timeline.Add(_name, StepPhase.Push, plan.Step, pushing, pushed);
        }
        catch (Exception fault)
        {
            // The device's thread serves other runs too; the coordinator hears of it with the silo's next sign of life.
            _failed(fault);
        }
    }
}

/// <summary>A part of a node's gradient that is final, from the vector's last layers backwards.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Node">The node.</param>
/// <param name="Vector">The whole gradient's memory.</param>
/// <param name="Offset">The part's first element.</param>
/// <param name="Count">Elements of the part.</param>
/// <param name="Terms">The node's sums.</param>
internal readonly record struct Bucket(StepPlan Plan, TreeNode Node, PooledVector Vector, int Offset, int Count, LossTerms Terms);
