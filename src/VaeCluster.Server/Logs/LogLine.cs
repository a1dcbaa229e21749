using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VaeCluster.Server.Logs;

/// <summary>
/// A log line as a JSON object: <c>time</c> (UTC), <c>level</c>, <c>message</c>, and if present <c>category</c> and <c>fault</c>.
/// </summary>
public static class LogLine
{
    // Leaves text readable, but still escapes what could be taken for markup.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    /// <summary>Writes a line.</summary>
    /// <param name="time">The time.</param>
    /// <param name="level">info, warning or error.</param>
    /// <param name="message">The text.</param>
    /// <param name="category">The logger's category; null for the program itself.</param>
    /// <param name="fault">The exception with its stack trace; null for none.</param>
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

    /// <summary>Creates a log that writes to a text writer.</summary>
    /// <param name="output">The writer.</param>
    /// <param name="format">The format.</param>
    /// <param name="level">info, warning or error.</param>
    public static Action<string> To(TextWriter output, LogFormat format, string level) =>
        format == LogFormat.Lines ? output.WriteLine : message => output.WriteLine(Write(DateTimeOffset.UtcNow, level, message));
}
