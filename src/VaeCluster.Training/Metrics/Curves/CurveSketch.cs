namespace VaeCluster.Training.Metrics.Curves;

/// <summary>
/// A curve of any length in memory of a fixed size: steps fall into buckets of equal width, each keeps its lowest and its highest value
/// with their steps, and when the buckets run out neighbours are merged. No spike is lost.
/// </summary>
internal sealed class CurveSketch
{
    private const int Most = 2048;

    private readonly Bucket[] _buckets = new Bucket[Most];
    private int _width = 1, _used;
    private double[]? _first, _last;

    /// <summary>Adds a value; one that is not finite leaves a gap.</summary>
    /// <param name="step">The step, from 0; not smaller than the one before.</param>
    /// <param name="value">The value.</param>
    internal void Add(int step, double value)
    {
        if (!double.IsFinite(value)) return;
        _first ??= [step, value];
        if (_last is null) _last = [step, value];
        else (_last[0], _last[1]) = (step, value);
        while (step / _width >= Most) Coarsen();
        int index = step / _width;
        ref Bucket bucket = ref _buckets[index];
        if (bucket.IsEmpty) bucket = new Bucket(step, value, step, value);
        else if (value < bucket.Low) (bucket.LowStep, bucket.Low) = (step, value);
        else if (value > bucket.High) (bucket.HighStep, bucket.High) = (step, value);
        _used = Math.Max(_used, index + 1);
    }

    /// <summary>Adds what another has, of later steps or of the same.</summary>
    /// <param name="other">It is changed.</param>
    internal void Add(CurveSketch other)
    {
        if (other._first is { } first) Add((int)first[0], first[1]);
        for (int i = 0; i < other._used; i++)
        {
            Bucket bucket = other._buckets[i];
            if (bucket.IsEmpty) continue;
            bool lowFirst = bucket.LowStep <= bucket.HighStep;
            Add(lowFirst ? bucket.LowStep : bucket.HighStep, lowFirst ? bucket.Low : bucket.High);
            Add(lowFirst ? bucket.HighStep : bucket.LowStep, lowFirst ? bucket.High : bucket.Low);
        }

        if (other._last is { } last) Add((int)last[0], last[1]);
    }

    /// <summary>
    /// The curve in few points: [step, value] in order of steps, with the lowest and highest of every stretch, the first and the last.
    /// </summary>
    /// <param name="points">At most so many, at least 4.</param>
    internal double[][] Thin(int points)
    {
        if (_first is null || _last is null) return [];
        int group = Math.Max(1, (int)Math.Ceiling(_used / Math.Max(1.0, (points - 2) / 2)));
        var thin = new List<double[]> { _first };
        for (int start = 0; start < _used; start += group)
        {
            Bucket all = default;
            for (int i = start; i < Math.Min(start + group, _used); i++) all = all.With(_buckets[i]);
            if (all.IsEmpty) continue;
            bool lowFirst = all.LowStep <= all.HighStep;
            Put(lowFirst ? all.LowStep : all.HighStep, lowFirst ? all.Low : all.High);
            Put(lowFirst ? all.HighStep : all.LowStep, lowFirst ? all.High : all.Low);
        }

        Put((int)_last[0], _last[1]);
        return [.. thin];

        void Put(int step, double value)
        {
            if (step > thin[^1][0]) thin.Add([step, value]);
        }
    }

    private void Coarsen()
    {
        int merged = (_used + 1) / 2;
        for (int i = 0; i < merged; i++) _buckets[i] = _buckets[2 * i].With((2 * i) + 1 < _used ? _buckets[(2 * i) + 1] : default);
        Array.Clear(_buckets, merged, _buckets.Length - merged);
        _used = merged;
        _width *= 2;
    }

    private struct Bucket(int lowStep, double low, int highStep, double high)
    {
        // Stored one higher: a bucket of zeros is an empty one.
        private int _lowStep = lowStep + 1;
        private int _highStep = highStep + 1;

        internal double Low = low;

        internal double High = high;

        internal readonly bool IsEmpty => _lowStep == 0;

        internal int LowStep
        {
            readonly get => _lowStep - 1;
            set => _lowStep = value + 1;
        }

        internal int HighStep
        {
            readonly get => _highStep - 1;
            set => _highStep = value + 1;
        }

        internal readonly Bucket With(Bucket other)
        {
            if (other.IsEmpty) return this;
            if (IsEmpty) return other;
            Bucket both = this;
            if (other.Low < Low) (both._lowStep, both.Low) = (other._lowStep, other.Low);
            if (other.High > High) (both._highStep, both.High) = (other._highStep, other.High);
            return both;
        }
    }
}
