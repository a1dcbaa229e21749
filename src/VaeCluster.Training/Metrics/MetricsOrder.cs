using System.Text.Json;

namespace VaeCluster.Training.Metrics;

/// <summary>
/// Tells, line after line of metrics.jsonl, which belong there: each step once, in order, and of a step one line of each kind (of evaluations
/// one for each split).
/// </summary>
/// <param name="last">The last step that belongs there.</param>
internal sealed class MetricsOrder(int last)
{
    private const string Step = "step";

    private readonly HashSet<string> _ofStep = new(StringComparer.Ordinal);
    private int _step, _known, _missing, _firstMissing, _unreadable, _pending, _doubled;

    /// <summary>What became of a line.</summary>
    internal enum Place
    {
        /// <summary>It belongs there.</summary>
        Kept,

        /// <summary>It is no line of metrics, or is there already.</summary>
        Dropped,

        /// <summary>It is of a later step, as are the lines behind it.</summary>
        After,
    }

    /// <summary>Looks at the next line.</summary>
    /// <param name="line">The line; empty where it was too long to be read.</param>
    internal Place Take(ReadOnlySpan<byte> line)
    {
        if (Read(line) is not var (step, name))
        {
            // Counted once a whole line follows: at the end a power failure leaves zeros, and nothing up to the checkpoint is lost.
            _pending++;
            return Place.Dropped;
        }

        if (step > last) return Place.After;
        _unreadable += _pending;
        _pending = 0;
        if (step > _step)
        {
            _step = step;
            _ofStep.Clear();
        }

        if (step < _step || !_ofStep.Add(name))
        {
            _doubled++;
            return Place.Dropped;
        }

        if (name == Step) See(step);
        return Place.Kept;
    }

    /// <summary>What is lost, after the last line.</summary>
    internal MetricsLosses Losses()
    {
        See(last + 1L);
        return new MetricsLosses(last, _unreadable, _doubled, _missing, _firstMissing);
    }

    private void See(long step)
    {
        int gap = (int)(step - _known - 1);
        if (gap > 0 && _missing == 0) _firstMissing = _known + 1;
        _missing += Math.Max(0, gap);
        _known = (int)Math.Min(step, int.MaxValue);
    }

    // The whole line is read: what follows its head must be whole, too.
    private static (int Step, string Name)? Read(ReadOnlySpan<byte> line)
    {
        int? step = null;
        string? kind = null, split = null;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
                bool isStep = json.ValueTextEquals("step"u8), isKind = json.ValueTextEquals("kind"u8), isSplit = json.ValueTextEquals("split"u8);
                if (!json.Read()) return null;
                if (isStep) step = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number) ? number : null;
                if (isKind) kind = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                if (isSplit) split = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or text that is no Unicode
        }

        return step is >= 0 and var found && kind is not null ? (found, split is null ? kind : $"{kind} {split}") : null;
    }
}
