using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace VaeCluster.Evaluation.Reports.Html;

/// <summary>
/// Writes HTML in which every interpolated value is escaped unless it is <see cref="RawHtml"/>, so that escaping cannot be forgotten.
/// Numbers are formatted with the invariant culture.
/// </summary>
public sealed class HtmlBuilder
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends literal markup with escaped interpolated values; the handler appends them as the string is evaluated.</summary>
    /// <param name="markup">The markup.</param>
    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref Handler markup) => this;

    /// <summary>Appends markup and ends the line.</summary>
    /// <param name="markup">The markup.</param>
    public void Line([InterpolatedStringHandlerArgument("")] ref Handler markup) => _text.Append('\n');

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Receives the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _target;

        /// <summary>Starts an interpolated string.</summary>
        /// <param name="literalLength">Length of the markup.</param>
        /// <param name="formattedCount">Number of interpolated values.</param>
        /// <param name="builder">The destination.</param>
        public Handler(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _target = builder._text;
            _target.EnsureCapacity(_target.Length + literalLength + (formattedCount * 16));
        }

        /// <summary>Appends markup.</summary>
        /// <param name="markup">The markup.</param>
        public void AppendLiteral(string markup) => _target.Append(markup);

        /// <summary>Appends trusted markup.</summary>
        /// <param name="markup">The markup.</param>
        public void AppendFormatted(RawHtml markup) => _target.Append(markup.Markup);

        /// <summary>Appends text, escaped.</summary>
        /// <param name="text">The text.</param>
        public void AppendFormatted(string? text) => _target.Append(WebUtility.HtmlEncode(text));

        /// <summary>Appends a value, escaped.</summary>
        /// <param name="value">The value.</param>
        /// <param name="format">Its format; null for the default.</param>
        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
            _target.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
