using System.Text.Json;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.Sweeps;

/// <summary>Follows sweep.jsonl, which only grows: returns each complete line after a given one once, in order.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="after">The number of the last known line; 0 for none.</param>
/// <param name="offset">Where that line ends, see <see cref="Offset"/>; 0 if unknown, to search from the beginning.</param>
public sealed class SweepTail(SweepFolder sweep, long after, long offset = 0)
{
    private long _line = offset > 0 ? after : 0;
    private long _offset = offset;

    /// <summary>
    /// Where the last returned or known line ends, in bytes, to continue from there later; 0 if it has not been found yet.
    /// </summary>
    public long Offset { get; private set; } = offset;

    /// <summary>The lines written since the last call.</summary>
    /// <param name="mostBytes">After this many bytes, the remaining lines wait for the next call.</param>
    public IReadOnlyList<SweepEvent> Read(int mostBytes = int.MaxValue)
    {
        if (!File.Exists(sweep.LogPath)) return [];

        // Open the file each time, because a driver that takes the sweep over replaces it with a copy.
        using var stream = new FileStream(sweep.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length <= _offset) return [];
        stream.Position = _offset;
        var content = new byte[stream.Length - _offset];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        var events = new List<SweepEvent>();
        int start = 0, given = 0;
        while (given < mostBytes && content.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var size)
        {
            ReadOnlyMemory<byte> line = content.AsMemory(start, size);
            start += size + 1;
            string? kind = ++_line > after ? KindOf(line) : null;
            if (kind is null && _line != after) continue;
            Offset = _offset + start;
            if (kind is null) continue;
            events.Add(new SweepEvent(_line, kind, line));
            given += size;
        }

        _offset += start;
        return events;
    }

    private static string? KindOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("kind").GetString();
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
