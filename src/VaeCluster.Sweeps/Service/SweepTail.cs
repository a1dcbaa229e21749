using System.Text.Json;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Sweeps.Service;

/// <summary>Follows sweep.jsonl, which only ever grows: gives each whole line after a number once, in order.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="after">The last line that is known; 0: none.</param>
public sealed class SweepTail(SweepFolder sweep, long after)
{
    private long _line;
    private long _offset;

    /// <summary>The lines that have come since the last call.</summary>
    public IReadOnlyList<SweepEvent> Read()
    {
        if (!File.Exists(sweep.LogPath)) return [];

        // Opened anew each time: one who takes the sweep over puts a copy in the place of the file.
        using var stream = new FileStream(sweep.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length <= _offset) return [];
        stream.Position = _offset;
        var content = new byte[stream.Length - _offset];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        var events = new List<SweepEvent>();
        int start = 0;
        while (content.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var size)
        {
            ReadOnlyMemory<byte> line = content.AsMemory(start, size);
            start += size + 1;
            if (++_line > after && KindOf(line) is { } kind) events.Add(new SweepEvent(_line, kind, line));
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
