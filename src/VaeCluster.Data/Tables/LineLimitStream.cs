using System.Globalization;

namespace VaeCluster.Data.Tables;

/// <summary>Reads a text on, and refuses a line that no table has: a small compressed file must not fill the memory with one.</summary>
/// <param name="inner">The text; disposed with this.</param>
/// <param name="longest">The longest line, in bytes.</param>
internal sealed class LineLimitStream(Stream inner, int longest) : Stream
{
    private long _line;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Span<byte> rest = buffer[..read];
        for (int end = rest.IndexOf((byte)'\n'); ; end = rest.IndexOf((byte)'\n'))
        {
            _line += end < 0 ? rest.Length : end;
            if (_line > longest)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a line has more than {longest} bytes"));
            if (end < 0) return read;
            _line = 0;
            rest = rest[(end + 1)..];
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
