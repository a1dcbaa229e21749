using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace VaeCluster.Evaluation.Reports.Html;

/// <summary>
/// Writes HTML in which every interpolated value is escaped unless it is <see cref="RawHtml"/>: forgetting to escape is not possible,
/// doing without must be asked for. Numbers are written in the invariant culture.
/// </summary>
internal sealed class HtmlBuilder
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends literal markup with escaped holes: the handler does it while the string is put together.</summary>
    internal HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref Handler markup) => this;

    /// <summary>Appends markup and ends the line.</summary>
    internal void Line([InterpolatedStringHandlerArgument("")] ref Handler markup) => _text.Append('\n');

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Receives the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        private readonly StringBuilder _target;

        public Handler(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _target = builder._text;
            _target.EnsureCapacity(_target.Length + literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string markup) => _target.Append(markup);

        public void AppendFormatted(RawHtml markup) => _target.Append(markup.Markup);

        public void AppendFormatted(string? text) => _target.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
            _target.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
