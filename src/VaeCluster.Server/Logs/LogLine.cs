using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VaeCluster.Server.Logs;

/// <summary>A line of a log as a JSON object: <c>time</c> (UTC), <c>level</c>, <c>message</c>, and where there are any <c>category</c> and
/// <c>fault</c>.</summary>
public static class LogLine
{
    // Texts stay readable; what could be taken for markup is still escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    /// <summary>Writes one.</summary>
    /// <param name="time">When.</param>
    /// <param name="level">info, warning or error.</param>
    /// <param name="message">What.</param>
    /// <param name="category">Who says it; null: the program itself.</param>
    /// <param name="fault">The exception, with its places in the code; null: none.</param>
    public static string Write(DateTimeOffset time, string level, string message, string? category = null, string? fault = null)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level"u8, level);
            if (category is not null) json.WriteString("category"u8, category);
            json.WriteString("message"u8, message);
            if (fault is not null) json.WriteString("fault"u8, fault);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A log that writes to a text in a format.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">How.</param>
    /// <param name="level">info, warning or error.</param>
    public static Action<string> To(TextWriter output, LogFormat format, string level) =>
        format == LogFormat.Lines ? output.WriteLine : message => output.WriteLine(Write(DateTimeOffset.UtcNow, level, message));
}
