namespace VaeCluster.Training.Metrics.Curves;

/// <summary>
/// The curves of the runs that somebody looks at; those that nobody has looked at for longest are forgotten and read anew when need be.
/// </summary>
public sealed class RunCurves
{
    // About a megabyte each.
    private const int MostRuns = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Path, CurveReader Reader)> _newest = [];

    /// <summary>The curves of a run.</summary>
    /// <param name="metricsPath">Its metrics.jsonl; it need not exist yet.</param>
    /// <param name="points">At most so many points a curve, at least 4.</param>
    public RunCurve Read(string metricsPath, int points) => ReaderOf(metricsPath).Read(points);

    private CurveReader ReaderOf(string path)
    {
        lock (_lock)
        {
            for (LinkedListNode<(string Path, CurveReader Reader)>? node = _newest.First; node is not null; node = node.Next)
            {
                if (node.Value.Path != path) continue;
                _newest.Remove(node);
                _newest.AddFirst(node);
                return node.Value.Reader;
            }

            var reader = new CurveReader(path);
            _newest.AddFirst((path, reader));
            if (_newest.Count > MostRuns) _newest.RemoveLast();
            return reader;
        }
    }
}
