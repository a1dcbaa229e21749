using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Training.Metrics.Curves;

/// <summary>
/// Follows a run's metrics.jsonl and keeps its curves. The first look reads the file on all cores; later ones read what has been added. A
/// file that was cut back by a run that resumes is read anew.
/// </summary>
/// <param name="path">The file; it need not exist yet.</param>
internal sealed class CurveReader(string path)
{
    private const int Piece = 1 << 20, WorthSharing = 1 << 23, LongestLine = 1 << 22;

    private readonly Lock _lock = new();
    private CurveSet _curves = new();

    // Where the next line begins, and the line before it: the same bytes there mean that the file goes on as it was.
    private long _end;
    private byte[] _anchor = [];

    /// <summary>The curves as far as they are written.</summary>
    /// <param name="points">At most so many a curve.</param>
    internal RunCurve Read(int points)
    {
        lock (_lock)
        {
            if (File.Exists(path)) Follow_NeedsLock();
            return _curves.Thin(points);
        }
    }

    private void Follow_NeedsLock()
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        if (!GoesOn(file, length))
        {
            _curves = new CurveSet();
            _end = 0;
            _anchor = [];
        }

        if (length - _end >= WorthSharing && Environment.ProcessorCount > 1) Share_NeedsLock(file, length);
        (long end, byte[] last) = Read(file, _end, length, _curves);
        if (end > _end) (_end, _anchor) = (end, last);
    }

    // A long stretch in as many parts as there are cores; what they find is added in their order.
    private void Share_NeedsLock(SafeFileHandle file, long length)
    {
        int parts = Math.Min(Environment.ProcessorCount, 8);
        var starts = new long[parts + 1];
        for (int i = 1; i < parts; i++) starts[i] = LineFrom(file, _end + ((length - _end) * i / parts), length);
        (starts[0], starts[parts]) = (_end, length);
        var sets = new CurveSet[parts];
        var ends = new (long End, byte[] Last)[parts];
        Parallel.For(0, parts, part =>
        {
            sets[part] = new CurveSet();
            ends[part] = Read(file, starts[part], starts[part + 1], sets[part]);
        });
        foreach (CurveSet set in sets) _curves.Add(set);
        (_end, _anchor) = ends.Last(end => end.Last.Length > 0);
    }

    private bool GoesOn(SafeFileHandle file, long length)
    {
        if (_anchor.Length == 0) return _end == 0;
        if (length < _end) return false;
        var there = new byte[_anchor.Length];
        return RandomAccess.Read(file, there, _end - _anchor.Length) == there.Length && there.AsSpan().SequenceEqual(_anchor);
    }

    // The beginning of the first line after a place.
    private static long LineFrom(SafeFileHandle file, long place, long length)
    {
        var text = new byte[1 << 16];
        while (place < length)
        {
            int read = RandomAccess.Read(file, text, place);
            int newline = text.AsSpan(0, read).IndexOf((byte)'\n');
            if (newline >= 0) return Math.Min(length, place + newline + 1);
            if (read == 0) break;
            place += read;
        }

        return length;
    }

    // Whole lines only: the end of the last one, and its bytes.
    private static (long End, byte[] Last) Read(SafeFileHandle file, long from, long to, CurveSet curves)
    {
        var text = new byte[Piece];
        int filled = 0;
        byte[] last = [];
        var line = default(CurveLine);
        while (from + filled < to)
        {
            int read = RandomAccess.Read(file, text.AsSpan(filled, (int)Math.Min(text.Length - filled, to - from - filled)), from + filled);
            if (read == 0) break;
            filled += read;
            int start = 0;
            ReadOnlySpan<byte> whole = text.AsSpan(0, filled);
            int length, lastStart = 0;
            while ((length = whole[start..].IndexOf((byte)'\n')) >= 0)
            {
                if (CurveLine.TryRead(whole.Slice(start, length), ref line)) curves.Add(ref line);
                lastStart = start;
                start += length + 1;
            }

            if (start > 0) last = whole[lastStart..start].ToArray();
            else if (filled == text.Length && text.Length >= LongestLine)
                throw new InvalidDataException($"a line of more than {LongestLine} bytes");
            whole[start..].CopyTo(text);
            from += start;
            filled -= start;
            if (filled == text.Length) Array.Resize(ref text, text.Length * 2);
        }

        return (from, last);
    }
}
