using System.Text.Json;
using VaeCluster.Training.Files;

namespace VaeCluster.Training.Metrics;

/// <summary>Repairs metrics.jsonl before a run goes on.</summary>
public static class MetricsFile
{
    /// <summary>Drops every line after a step, and a torn last line. A missing file is left missing.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="step">The last step to keep: that of the checkpoint the run goes on from.</param>
    public static void CutBack(string path, int step)
    {
        if (!File.Exists(path)) return;

        // A file of a million steps is some hundred megabytes: find the end by reading lines, then cut in place.
        long keep = 0;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        foreach ((long end, ReadOnlyMemory<byte> line) in Lines(stream))
        {
            if (StepOf(line.Span) is not { } lineStep || lineStep > step) break;
            keep = end;
        }

        if (keep == stream.Length) return;
        stream.SetLength(keep);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// The same, in a new file in the place of the old one: what a coordinator that hung writes when it wakes goes nowhere.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="step">The last step to keep.</param>
    /// <param name="demand">Throws where the caller is no longer in charge; asked at the last moment.</param>
    public static void Renew(string path, int step, Action demand) => DurableFile.PutInPlace(
        path,
        copy =>
        {
            DurableFile.CopyOrMake(path, copy);
            CutBack(copy, step);
        },
        demand);

    private static IEnumerable<(long End, ReadOnlyMemory<byte> Line)> Lines(FileStream stream)
    {
        var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        long position = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            for (int start = 0; start < read;)
            {
                int newline = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');
                int length = newline < 0 ? read - start : newline;
                line.Write(buffer, start, length);
                position += length;
                start += length;
                if (newline < 0) continue;

                position++;
                start++;
                yield return (position, line.GetBuffer().AsMemory(0, (int)line.Length));
                line.SetLength(0);
            }
        }
    }

    private static int? StepOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1 || !json.ValueTextEquals("step"u8)) continue;
                return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int step) ? step : null;
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
