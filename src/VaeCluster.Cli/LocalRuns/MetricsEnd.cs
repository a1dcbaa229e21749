using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Cli.LocalRuns;

/// <summary>The end of a run's metrics.jsonl; the rest of the file, which may be of gigabytes, is not read.</summary>
internal sealed record MetricsEnd
{
    private const int FirstWindow = 1 << 16, LargestWindow = 1 << 20;

    /// <summary>The step of the last line.</summary>
    internal int Step { get; private set; }

    /// <summary>The ELBO of the last line that has one.</summary>
    internal double? Elbo { get; private set; }

    /// <summary>The ELBO of the last evaluation.</summary>
    internal double? HeldOutElbo { get; private set; }

    /// <summary>The split of that evaluation.</summary>
    internal string? HeldOutSplit { get; private set; }

    /// <summary>Steps of an epoch, once one has ended.</summary>
    internal int? StepsPerEpoch { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="path">The file; it need not exist.</param>
    internal static MetricsEnd Read(string path)
    {
        var found = new MetricsEnd();
        if (!File.Exists(path)) return found;
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        for (int window = FirstWindow; ; window *= 4)
        {
            long start = Math.Max(0, length - window);
            var bytes = new byte[(int)(length - start)];
            int read = RandomAccess.Read(file, bytes, start);
            found = new MetricsEnd();
            found.Take(bytes.AsSpan(0, read), isWhole: start == 0);
            if (start == 0 || window >= LargestWindow || (found.HeldOutElbo is not null && found.StepsPerEpoch is not null)) return found;
        }
    }

    // From the last line to the first. A text that does not begin with the file may begin with half a line.
    private void Take(ReadOnlySpan<byte> text, bool isWhole)
    {
        bool hasLast = false;
        for (int end = text.LastIndexOf((byte)'\n'); end >= 0; end = text.LastIndexOf((byte)'\n'))
        {
            text = text[..end];
            int begin = text.LastIndexOf((byte)'\n') + 1;
            if (begin == 0 && !isWhole) return;

            // Of thousands of steps only the last one counts.
            ReadOnlySpan<byte> line = text[begin..];
            if (hasLast && Elbo is not null && line.IndexOf("\"kind\":\"step\""u8) >= 0) continue;
            hasLast |= TryTake(line, isLast: !hasLast);
        }
    }

    private bool TryTake(ReadOnlySpan<byte> line, bool isLast)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            JsonElement root = json.RootElement;
            string? kind = root.GetProperty("kind").GetString();
            if (kind is not ("step" or "epoch" or "evaluation")) return false;
            int step = root.GetProperty("step").GetInt32(), epoch = root.GetProperty("epoch").GetInt32();
            double? elbo = root.TryGetProperty("elbo", out JsonElement value) && value.ValueKind == JsonValueKind.Number
                ? value.GetDouble()
                : null;
            if (isLast) Step = step;
            if (kind == "evaluation" && HeldOutElbo is null)
            {
                HeldOutElbo = elbo;
                HeldOutSplit = root.GetProperty("split").GetString();
            }

            if (kind == "epoch" && epoch > 0) StepsPerEpoch ??= step / epoch;
            if (kind != "evaluation") Elbo ??= elbo;
            return true;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false; // torn, or not ours
        }
    }
}
