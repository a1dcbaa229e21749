using System.Globalization;

namespace VaeCluster.Data.Tables;

/// <summary>Reads a text on, and refuses a line that no table has: a small compressed file must not fill the memory with one.</summary>
/// <param name="inner">The text; disposed with this.</param>
/// <param name="longest">The longest line, in bytes.</param>
internal sealed class LineLimitStream(Stream inner, int longest) : CountingStream(inner)
{
    private long _line;

    /// <inheritdoc/>
    protected override void OnRead(ReadOnlySpan<byte> piece)
    {
        for (int end = piece.IndexOf((byte)'\n'); ; end = piece.IndexOf((byte)'\n'))
        {
            _line += end < 0 ? piece.Length : end;
            if (_line > longest)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a line has more than {longest} bytes"));
            if (end < 0) return;
            _line = 0;
            piece = piece[(end + 1)..];
        }
    }
}
