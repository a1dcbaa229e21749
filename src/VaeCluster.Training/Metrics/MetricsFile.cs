using VaeCluster.Training.Files;

namespace VaeCluster.Training.Metrics;

/// <summary>Repairs metrics.jsonl before a run goes on.</summary>
public static class MetricsFile
{
    private const int LongestLine = 1 << 22;

    /// <summary>
    /// Drops every line after a step, a torn last line, and before it lines that cannot be read or are there twice. A missing file is left
    /// missing.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="step">The last step to keep: that of the checkpoint the run goes on from.</param>
    /// <returns>What is lost of the steps up to it.</returns>
    public static MetricsLosses CutBack(string path, int step)
    {
        var order = new MetricsOrder(step);
        if (!File.Exists(path)) return order.Losses();

        long keep = 0, tail = 0;
        bool isWhole = true;
        MetricsLosses losses;

        // A file of a million steps is some hundred megabytes: find the end by reading lines, then cut in place. Only damage makes a copy.
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1 << 16))
        {
            foreach ((long end, ReadOnlyMemory<byte> line) in Lines(stream))
            {
                MetricsOrder.Place place = order.Take(line.Span);
                if (place == MetricsOrder.Place.After) break;
                tail = end;
                if (place == MetricsOrder.Place.Dropped) continue;
                isWhole &= keep == end - line.Length - 1;
                keep = end;
            }

            losses = order.Losses();
            if (isWhole && keep < stream.Length)
            {
                stream.SetLength(keep);
                stream.Flush(flushToDisk: true);
            }
        }

        if (!isWhole) Rewrite(path, step, tail);
        return losses;
    }

    /// <summary>
    /// The same, in a new file in the place of the old one: what a coordinator that hung writes when it wakes goes nowhere.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="step">The last step to keep.</param>
    /// <param name="demand">Throws where the caller is no longer in charge; asked at the last moment.</param>
    /// <returns>What is lost of the steps up to it.</returns>
    public static MetricsLosses Renew(string path, int step, Action demand)
    {
        MetricsLosses? losses = null;
        DurableFile.PutInPlace(
            path,
            copy =>
            {
                DurableFile.CopyOrMake(path, copy);
                losses = CutBack(copy, step);
            },
            demand);
        return losses!;
    }

    // Into a new file, so that a crash leaves the old one.
    private static void Rewrite(string path, int step, long end) => DurableFile.PutInPlace(
        path,
        copy =>
        {
            using var target = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            using FileStream source = File.OpenRead(path);
            var order = new MetricsOrder(step);
            foreach ((long lineEnd, ReadOnlyMemory<byte> line) in Lines(source))
            {
                if (lineEnd > end) break;
                if (order.Take(line.Span) != MetricsOrder.Place.Kept) continue;
                target.Write(line.Span);
                target.WriteByte((byte)'\n');
            }

            target.Flush(flushToDisk: true);
        },
        demand: () => { });

    // Of a line that is too long to be one of metrics nothing is kept; it reads as empty.
    private static IEnumerable<(long End, ReadOnlyMemory<byte> Line)> Lines(FileStream stream)
    {
        var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        long position = 0;
        bool isTooLong = false;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            for (int start = 0; start < read;)
            {
                int newline = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');
                int length = newline < 0 ? read - start : newline;
                isTooLong |= line.Length + length > LongestLine;
                if (isTooLong) line.SetLength(0);
                else line.Write(buffer, start, length);
                position += length;
                start += length;
                if (newline < 0) continue;

                position++;
                start++;
                yield return (position, line.GetBuffer().AsMemory(0, (int)line.Length));
                line.SetLength(0);
                isTooLong = false;
            }
        }
    }
}
