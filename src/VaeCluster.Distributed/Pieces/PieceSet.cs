namespace VaeCluster.Distributed.Pieces;

/// <summary>Which elements of a tensor have arrived, whatever pieces they came in and however often.</summary>
internal sealed class PieceSet
{
    // Apart from each other and in order. A tensor comes mostly in order, so there is hardly ever more than one.
    private readonly List<(int Start, int End)> _covered = [];

    /// <summary>Elements that have arrived, each counted once.</summary>
    internal int Count { get; private set; }

    /// <summary>Nothing has arrived.</summary>
    internal void Clear()
    {
        _covered.Clear();
        Count = 0;
    }

    /// <summary>A piece has arrived.</summary>
    /// <param name="offset">Its first element.</param>
    /// <param name="count">Its elements.</param>
    internal void Add(int offset, int count)
    {
        (int start, int end) = (offset, offset + count);
        int first = 0;
        while (first < _covered.Count && _covered[first].End < start) first++;
        int after = first;
        for (; after < _covered.Count && _covered[after].Start <= end; after++)
        {
            (start, end) = (Math.Min(start, _covered[after].Start), Math.Max(end, _covered[after].End));
            Count -= _covered[after].End - _covered[after].Start;
        }

        _covered.RemoveRange(first, after - first);
        _covered.Insert(first, (start, end));
        Count += end - start;
    }
}
