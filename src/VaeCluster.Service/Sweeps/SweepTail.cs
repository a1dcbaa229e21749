using System.Text.Json;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.Sweeps;

/// <summary>Follows sweep.jsonl, which only ever grows: gives each whole line after a number once, in order.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="after">The last line that is known; 0: none.</param>
/// <param name="offset">Where that line ends, see <see cref="Offset"/>; 0: unknown, it is looked for from the beginning.</param>
public sealed class SweepTail(SweepFolder sweep, long after, long offset = 0)
{
    private long _line = offset > 0 ? after : 0;
    private long _offset = offset;

    /// <summary>Where the last line that was given or known ends, in bytes, for one who goes on from there; 0: it was not found
    /// yet.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>The lines that have come since the last call.</summary>
    /// <param name="mostBytes">From so many bytes of lines on, the others wait for the next call.</param>
    public IReadOnlyList<SweepEvent> Read(int mostBytes = int.MaxValue)
    {
        if (!File.Exists(sweep.LogPath)) return [];

        // Opened anew each time: one who takes the sweep over puts a copy in the place of the file.
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
