using System.Diagnostics;

namespace VaeCluster.Distributed.ParameterServers;

/// <summary>
/// Where the time of a range's steps goes, in seconds since it was opened. Written under the range's lock or by its one reducing thread.
/// </summary>
internal sealed class RangeClock
{
    private long _began = Stopwatch.GetTimestamp();
    private long _first, _last, _rooted;

    /// <summary>Now.</summary>
    internal static long Now => Stopwatch.GetTimestamp();

    /// <summary>Steps closed.</summary>
    internal int Steps { get; private set; }

    /// <summary>From the beginning of a step to its first node.</summary>
    internal double FirstNode { get; private set; }

    /// <summary>From the first node to the last.</summary>
    internal double LastNode { get; private set; }

    /// <summary>Adding nodes along the tree.</summary>
    internal double Reducing { get; private set; }

    /// <summary>From the root to the decision's arrival.</summary>
    internal double Deciding { get; private set; }

    /// <summary>Applying the update.</summary>
    internal double Applying { get; private set; }

    /// <inheritdoc/>
    public override string ToString()
    {
        double perStep = 1e3 / Math.Max(1, Steps);
        return FormattableString.Invariant(
            $"{Steps} steps, ms a step: to the first node {FirstNode * perStep:0.000}, to the last {LastNode * perStep:0.000}, ")
            + FormattableString.Invariant(
                $"add {Reducing * perStep:0.000}, decide {Deciding * perStep:0.000}, apply {Applying * perStep:0.000}");
    }

    internal void Began()
    {
        _began = Now;
        _first = 0;
    }

    internal void Arrived()
    {
        _last = Now;
        if (_first == 0) _first = _last;
    }

    internal void Reduced(long started)
    {
        _rooted = Now;
        Reducing += Seconds(started, _rooted);
    }

    internal void Applied(long started)
    {
        Steps++;
        FirstNode += Seconds(_began, _first);
        LastNode += Seconds(_first, _last);
        Deciding += Seconds(_rooted, started);
        Applying += Seconds(started, Now);
        Began();
    }

    private static double Seconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds;
}
