using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Training.Metrics;

/// <summary>
/// Follows metrics.jsonl: gives each line after a position once, in order, also while the file grows and when it is cut back and written
/// anew by a run that resumes. Holds one buffer, whatever the size of the file.
/// </summary>
/// <remarks>
/// Every read begins at the last line that was seen and compares it. The same bytes at the same place mean that what follows is the next
/// line, whatever has happened to the file in between; other bytes mean that it was cut back, and the place is looked for anew by position.
/// </remarks>
/// <param name="path">The file; it need not exist yet.</param>
/// <param name="after">The last line that is known.</param>
public sealed class MetricsTail(string path, MetricsPosition after) : IDisposable
{
    private const int SmallestBuffer = 1 << 16, LargestBuffer = 1 << 22;

    private byte[] _buffer = new byte[SmallestBuffer];
    private byte[] _anchor = [];
    private long _anchorStart;
    private int _next, _filled;
    private MetricsPosition _scanned;
    private MetricsPosition _given = after;
    private SafeFileHandle? _file;
    private bool _located;

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>The next line, where the file has one by now.</summary>
    /// <param name="line">The line; it holds until the next call.</param>
    public bool TryRead(out MetricsLine line)
    {
        bool fresh = false;
        while (true)
        {
            while (NextLine() is { } bytes)
            {
                if (!MetricsHead.TryRead(bytes.Span, out MetricsHead head)) continue;
                _scanned = new MetricsPosition(head.Step, head.Step == _scanned.Step ? _scanned.Index + 1 : 0);
                if (_scanned <= _given) continue;
                _given = _scanned;
                line = new MetricsLine(_scanned, head.Kind, bytes);
                return true;
            }

            // What was in the buffer is used up; one read more tells whether the file has grown.
            if (fresh || !Fill())
            {
                // A run that was taken over may have put a new file in the place of this one; the last line that was seen leads on in it.
                _file?.Dispose();
                _file = null;
                line = default;
                return false;
            }

            fresh = IndexOfNewline() < 0;
        }
    }

    private int IndexOfNewline() => _buffer.AsSpan(_next, _filled - _next).IndexOf((byte)'\n');

    private ReadOnlyMemory<byte>? NextLine()
    {
        int length = IndexOfNewline();
        if (length < 0) return null;
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_next, length);
        _next += length + 1;
        return line;
    }

    // Reads from the last line that was seen on; false: there is nothing to read yet.
    private bool Fill()
    {
        if (_file is null)
        {
            if (!File.Exists(path)) return false;
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        if (!_located) Locate();
        else if (_next > 0) Anchor();
        while (true)
        {
            _filled = RandomAccess.Read(_file, _buffer, _anchorStart);
            if (!_buffer.AsSpan(0, _filled).StartsWith(_anchor))
            {
                Locate();
                _filled = RandomAccess.Read(_file, _buffer, _anchorStart);
            }

            _next = _anchor.Length;
            if (_filled < _buffer.Length || IndexOfNewline() >= 0) return _filled > _next;
            if (_buffer.Length >= LargestBuffer) throw new InvalidDataException($"{path} has a line of more than {LargestBuffer} bytes");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    // The last whole line of the buffer becomes the one that the next read begins with.
    private void Anchor()
    {
        int start = _next < 2 ? 0 : _buffer.AsSpan(0, _next - 1).LastIndexOf((byte)'\n') + 1;
        _anchor = _buffer.AsSpan(start, _next - start).ToArray();
        _anchorStart += start;
    }

    private void Locate()
    {
        _anchorStart = MetricsSearch.FirstLineFrom(_file!, _given.Step, _buffer);
        _anchor = [];
        _scanned = MetricsPosition.Start;
        _located = true;
    }
}
