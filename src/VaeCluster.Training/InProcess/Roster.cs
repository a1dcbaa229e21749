using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.InProcess;

/// <summary>
/// Who works, and which thread computes what for whom. Joining, leaving and losing may be called from any thread at any time; they take effect
/// when the next assignment is made.
/// </summary>
internal sealed class Roster(int threads, int shards, Func<string, Worker> makeLane) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Member> _members = [];
    private readonly List<Member> _gone = [];
    private int _joined;
    private int _version;

    internal IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock) return [.. _members.Where(member => !member.IsLost && !member.IsLeaving).Select(member => member.Name)];
        }
    }

    internal string Join()
    {
        lock (_lock)
        {
            // A worker has as many lanes as threads could ever serve it: those of a process that it has alone.
            string name = FormattableString.Invariant($"worker-{_joined++}");
            var member = new Member(name, [.. Enumerable.Range(0, Math.Min(threads, shards)).Select(_ => makeLane(name))]);
            _members.Add(member);
            _version++;
            return member.Name;
        }
    }

    internal void Lose(string name)
    {
        lock (_lock)
        {
            if (_members.Find(member => member.Name == name) is not { IsLost: false } member) return;
            member.IsLost = true;
            _version++;
        }
    }

    internal void Leave(string name)
    {
        lock (_lock)
        {
            if (_members.Find(member => member.Name == name) is not { IsLeaving: false } member) return;
            member.IsLeaving = true;
            _version++;
        }
    }

    /// <summary>Lets go of those who have left.</summary>
    /// <returns>A number that changes whenever the assignment must.</returns>
    internal int BeginStep()
    {
        lock (_lock)
        {
            for (int i = _members.Count - 1; i >= 0; i--)
            {
                if (!_members[i].IsLost && !_members[i].IsLeaving) continue;
                _gone.Add(_members[i]);
                _members.RemoveAt(i);
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
            if (_members.Count == 0) throw new NoWorkersException();
            var items = new List<WorkItem>[threads];
            for (int thread = 0; thread < threads; thread++) items[thread] = [];

            IReadOnlyList<IReadOnlyList<int>> dealt = AssignmentPlanner.Deal(toDo, _members.Count);
            int lanes = Math.Max(1, threads / Math.Min(_members.Count, toDo.Count));
            for (int i = 0; i < _members.Count; i++)
            {
                // With fewer workers than threads each has several lanes; with more, a thread serves several workers in turn.
                IReadOnlyList<IReadOnlyList<int>> perLane = AssignmentPlanner.Deal(dealt[i], lanes);
                for (int lane = 0; lane < lanes; lane++)
                {
                    int thread = ((i * lanes) + lane) % threads;
                    foreach (TreeNode node in ReductionTree.Cover(perLane[lane], shards)) items[thread].Add(new WorkItem(_members[i], _members[i].Lanes[lane], node));
                }
            }

            return [.. items.Select(mine => mine.ToArray())];
        }
    }

    public void Dispose()
    {
        foreach (Member member in _members.Concat(_gone))
            foreach (Worker lane in member.Lanes) lane.Dispose();
    }
}
