using System.Diagnostics;

namespace VaeCluster.Training.Measuring;

/// <summary>Times a short piece of work by doing it over and over.</summary>
public static class Repetition
{
    private const int Rounds = 9;

    /// <summary>How long one go takes.</summary>
    /// <param name="work">Takes microseconds to milliseconds, and is the same each time.</param>
    /// <param name="time">About how long to go on.</param>
    /// <returns>Seconds: a median for what one gets, the tenth percentile for what is possible.</returns>
    public static Percentiles Seconds(Action work, TimeSpan time)
    {
        // A third of the time warms up caches, clock and compiler, and says how many goes make up a round.
        long started = Stopwatch.GetTimestamp();
        int goes = 0;
        do
        {
            work();
            goes++;
        }
        while (Stopwatch.GetElapsedTime(started) < time / 3);

        int perRound = Math.Max(1, 2 * goes / Rounds);
        var rounds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            started = Stopwatch.GetTimestamp();
            for (int i = 0; i < perRound; i++) work();
            rounds[round] = Stopwatch.GetElapsedTime(started).TotalSeconds / perRound;
        }

        return Percentiles.Of(rounds);
    }
}
