namespace VaeCluster.Exchange;

/// <summary>A log in which nobody outside can write as much as they like: of each kind of line a few are written in a minute.</summary>
/// <param name="log">Receives the lines; null: nobody.</param>
/// <param name="time">The clock.</param>
public sealed class LimitedLog(Action<string>? log, TimeProvider time)
{
    /// <summary>Lines of a kind in a window.</summary>
    public const int Most = 20;

    /// <summary>How long a window is.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Kind> _kinds = [];

    /// <summary>Writes a line, unless there were too many of its kind.</summary>
    /// <param name="kind">What kind of line it is; a fixed word, never what a peer sent.</param>
    /// <param name="line">The line.</param>
    public void Say(string kind, string line)
    {
        long left = 0;
        lock (_gate)
        {
            if (!_kinds.TryGetValue(kind, out Kind? lines)) _kinds[kind] = lines = new Kind { Since = time.GetTimestamp() };
            if (time.GetElapsedTime(lines.Since) >= Window)
            {
                left = Math.Max(0, lines.Count - Most);
                (lines.Since, lines.Count) = (time.GetTimestamp(), 0);
            }

            if (++lines.Count > Most) return;
        }

        log?.Invoke(left == 0 ? line : FormattableString.Invariant($"{line} ({left} more of this kind were not logged)"));
    }

    private sealed class Kind
    {
        internal long Since { get; set; }

        internal long Count { get; set; }
    }
}
