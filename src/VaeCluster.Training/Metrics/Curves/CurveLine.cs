using System.Text.Json;

namespace VaeCluster.Training.Metrics.Curves;

/// <summary>The numbers of one line of metrics.jsonl that curves are made of, read without making garbage.</summary>
internal struct CurveLine
{
    internal const int Values = 7;

    /// <summary>The names of the values, in the order of the curves.</summary>
    internal static readonly string[] Names = ["loss", "elbo", "reconstruction", "kl", "gradientNorm", "samplesPerSecond", "learningRate"];

    private static readonly byte[][] Utf8Names = [.. Names.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>step, epoch or evaluation: its first letter, and for evaluations of the test split <c>t</c>.</summary>
    internal char Kind;

    internal int Step;

    internal ValueList Numbers;

    internal readonly double Elbo => Numbers[1];

    /// <summary>The KL of each dimension; null where the line has none.</summary>
    internal double[]? KlPerDimension;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="read">Receives the numbers.</param>
    /// <returns>Whether it is one of metrics.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> line, ref CurveLine read)
    {
        read.Kind = '\0';
        read.Step = -1;
        read.KlPerDimension = null;
        for (int i = 0; i < Values; i++) read.Numbers[i] = double.NaN;
        bool isTest = false;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadOnlySpan<byte> name = json.ValueSpan;
                if (!json.Read()) return false;
                if (json.TokenType == JsonTokenType.Number)
                {
                    if (name.SequenceEqual("step"u8)) read.Step = json.GetInt32();
                    else if (IndexOf(name) is >= 0 and var index) read.Numbers[index] = json.GetDouble();
                }
                else if (json.TokenType == JsonTokenType.String)
                {
                    if (name.SequenceEqual("kind"u8) && json.ValueSpan.Length > 1)
                        read.Kind = json.ValueSpan[0] == 'e' && json.ValueSpan[1] == 'v' ? 'v' : (char)json.ValueSpan[0];
                    else if (name.SequenceEqual("split"u8)) isTest = json.ValueTextEquals("test"u8);
                }
                else if (json.TokenType == JsonTokenType.StartArray)
                {
                    if (name.SequenceEqual("klPerDimension"u8)) read.KlPerDimension = ReadArray(ref json);
                    else json.Skip();
                }
                else
                {
                    json.Skip();
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            return false; // torn, or written by hand
        }

        if (read.Kind == 'v' && isTest) read.Kind = 't';
        return read.Step >= 0 && read.Kind is 's' or 'e' or 'v' or 't';
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Values; i++)
            if (name.SequenceEqual(Utf8Names[i])) return i;
        return -1;
    }

    private static double[] ReadArray(ref Utf8JsonReader json)
    {
        var values = new List<double>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            values.Add(json.TokenType == JsonTokenType.Number ? json.GetDouble() : double.NaN);
        return [.. values];
    }

    [System.Runtime.CompilerServices.InlineArray(Values)]
    internal struct ValueList
    {
        private double _first;
    }
}
