using Microsoft.Win32.SafeHandles;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Training.Metrics;

/// <summary>Finds places in metrics.jsonl without reading all of it.</summary>
public static class MetricsSearch
{
    /// <summary>
    /// Where the first line of a step or of a later one begins; the end of the whole lines where there is none. Steps ascend in the file.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="buffer">For reading; a line must fit in.</param>
    public static long FirstLineFrom(SafeFileHandle file, int step, byte[] buffer)
    {
        // Lines that begin before low are of earlier steps, those that begin at high or after are not.
        long low = 0, high = RandomAccess.GetLength(file);
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (LineAt(file, middle, buffer) is not { } line || line.Start >= high) high = middle;
            else if (line.Step < step) low = line.End;
            else high = middle;
        }

        return low;
    }

    /// <summary>The step of the last whole line; 0: the file has none or is missing.</summary>
    /// <param name="path">Path of the file.</param>
    public static int LastStep(string path) => LastLine(path).Step;

    /// <summary>The step and the ELBO of the last whole line that has one; 0 and null: the file has no line or is missing.</summary>
    /// <param name="path">Path of the file.</param>
    public static (int Step, double? Elbo) LastLine(string path)
    {
        if (!File.Exists(path)) return (0, null);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[1 << 16];
        long start = Math.Max(0, RandomAccess.GetLength(file) - buffer.Length);
        Span<byte> text = buffer.AsSpan(0, RandomAccess.Read(file, buffer, start));
        var line = default(CurveLine);
        for (int end = text.LastIndexOf((byte)'\n'); end >= 0; end = text.LastIndexOf((byte)'\n'))
        {
            text = text[..end];
            if (CurveLine.TryRead(text[(text.LastIndexOf((byte)'\n') + 1)..], ref line))
                return (line.Step, double.IsFinite(line.Elbo) ? line.Elbo : null);
        }

        return (0, null);
    }

    // The first whole line that begins at a place or after it.
    private static (long Start, long End, int Step)? LineAt(SafeFileHandle file, long place, byte[] buffer)
    {
        // From one byte before: a line begins at the place itself where that byte ends another.
        long from = Math.Max(0, place - 1);
        ReadOnlySpan<byte> text = buffer.AsSpan(0, RandomAccess.Read(file, buffer, from));
        int begin = 0;
        if (place > 0)
        {
            begin = text.IndexOf((byte)'\n') + 1;
            if (begin == 0) return null;
        }

        // Lines that cannot be read are passed over: a run that is not going on keeps them.
        while (true)
        {
            int length = text[begin..].IndexOf((byte)'\n');
            if (length < 0) return null;
            if (MetricsHead.TryRead(text.Slice(begin, length), out MetricsHead head)) return (from + begin, from + begin + length + 1, head.Step);
            begin += length + 1;
        }
    }
}
