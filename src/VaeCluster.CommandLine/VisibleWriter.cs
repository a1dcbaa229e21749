using System.Text;
using VaeCluster.Core;

namespace VaeCluster.CommandLine;

/// <summary>
/// Writes text on, with what a terminal would obey written out: names of runs, files and fields come from strangers, too. Line breaks and
/// tabs stay.
/// </summary>
/// <param name="inner">Takes the text.</param>
public sealed class VisibleWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>The writer that a text ends up in.</summary>
    /// <param name="writer">A writer that may be one of this kind.</param>
    public static TextWriter Behind(TextWriter writer) => writer is VisibleWriter visible ? visible.Inner : writer;

    private TextWriter Inner => inner;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        // The other half of a character follows.
        if (char.IsSurrogate(value)) inner.Write(value);
        else Write(value.ToString());
    }

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value is null ? null : VisibleText.Of(value, keepsLines: true));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    // In one call, so that lines of several threads do not mix.

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : VisibleText.Of(value, keepsLines: true));

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => inner.WriteAsync(value is null ? null : VisibleText.Of(value, keepsLines: true));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) =>
        inner.WriteLineAsync(value is null ? null : VisibleText.Of(value, keepsLines: true));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync() => inner.FlushAsync();
}
