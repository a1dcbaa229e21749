using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.InProcess;

/// <summary>
/// Who works, and which thread computes what for whom. Joining, leaving and losing may be called from any thread at any time; they take
/// effect when the next assignment is made.
/// </summary>
internal sealed class Roster(int threads, int shards, Func<string, Worker> makeLane) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ProcessWorker> _workers = [];
    private readonly List<ProcessWorker> _gone = [];
    private int _joined;
    private int _version;

    internal IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock) return [.. _workers.Where(worker => !worker.IsLost && !worker.IsLeaving).Select(worker => worker.Name)];
        }
    }

    internal string Join()
    {
        lock (_lock)
        {
            // A worker has as many lanes as threads could ever serve it: those of a process that it has alone.
            string name = FormattableString.Invariant($"worker-{_joined++}");
            var worker = new ProcessWorker(name, [.. Enumerable.Range(0, Math.Min(threads, shards)).Select(_ => makeLane(name))]);
            _workers.Add(worker);
            _version++;
            return worker.Name;
        }
    }

    internal void Lose(string name)
    {
        lock (_lock)
        {
            if (_workers.Find(worker => worker.Name == name) is not { IsLost: false } worker) return;
            worker.IsLost = true;
            _version++;
        }
    }

    internal void Leave(string name)
    {
        lock (_lock)
        {
            if (_workers.Find(worker => worker.Name == name) is not { IsLeaving: false } worker) return;
            worker.IsLeaving = true;
            _version++;
        }
    }

    /// <summary>Lets go of those who have left.</summary>
    /// <returns>A number that changes whenever the assignment must.</returns>
    internal int BeginStep()
    {
        lock (_lock)
        {
            for (int i = _workers.Count - 1; i >= 0; i--)
            {
                if (!_workers[i].IsLost && !_workers[i].IsLeaving) continue;
                _gone.Add(_workers[i]);
                _workers.RemoveAt(i);
            }

            return _version;
        }
    }

    /// <summary>Deals shards to workers and their nodes to threads.</summary>
    /// <param name="toDo">The shards, ascending.</param>
    /// <returns>For each thread what it computes, in order.</returns>
    /// <exception cref="NoWorkersException">Nobody is left.</exception>
    internal WorkItem[][] Assign(IReadOnlyList<int> toDo)
    {
        lock (_lock)
        {
            if (_workers.Count == 0) throw new NoWorkersException();
            var items = new List<WorkItem>[threads];
            for (int thread = 0; thread < threads; thread++) items[thread] = [];

            IReadOnlyList<IReadOnlyList<int>> dealt = AssignmentPlanner.Deal(toDo, _workers.Count);
            int lanes = Math.Max(1, threads / Math.Min(_workers.Count, toDo.Count));
            for (int i = 0; i < _workers.Count; i++)
            {
                // With fewer workers than threads each has several lanes; with more, a thread serves several workers in turn.
                IReadOnlyList<IReadOnlyList<int>> perLane = AssignmentPlanner.Deal(dealt[i], lanes);
                for (int lane = 0; lane < lanes; lane++)
                {
                    int thread = ((i * lanes) + lane) % threads;
                    foreach (TreeNode node in ReductionTree.Cover(perLane[lane], shards))
                        items[thread].Add(new WorkItem(_workers[i], _workers[i].Lanes[lane], node));
                }
            }

            return [.. items.Select(mine => mine.ToArray())];
        }
    }

    public void Dispose()
    {
        foreach (ProcessWorker worker in _workers.Concat(_gone))
            foreach (Worker lane in worker.Lanes) lane.Dispose();
    }
}

/// <summary>A worker of the process, with one lane for each thread that computes for it.</summary>
internal sealed class ProcessWorker(string name, IReadOnlyList<Worker> lanes)
{
    private volatile bool _isLost;

    internal string Name { get; } = name;

    internal IReadOnlyList<Worker> Lanes { get; } = lanes;

    /// <summary>Gone at once; what it computes is not used.</summary>
    internal bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>Gone when the step in progress is done.</summary>
    internal bool IsLeaving { get; set; }
}

/// <summary>
/// A node of the tree that one thread computes for one worker, and what came of it. Kept from step to step, with its vector.
/// </summary>
internal sealed class WorkItem(ProcessWorker owner, Worker lane, TreeNode node)
{
    internal ProcessWorker Owner { get; } = owner;

    internal Worker Lane { get; } = lane;

    internal TreeNode Node { get; } = node;

    internal float[] Gradient { get; set; } = [];

    internal LossTerms Terms { get; set; }

    internal bool Finished { get; set; }
}
