using System.Globalization;
using System.Text;
using VaeCluster.Data;

namespace VaeCluster.Evaluation.Encodings;

/// <summary>
/// Codes as a table (CSV, RFC 4180, UTF-8): <c>index</c>; <c>file</c>, <c>label</c>, <c>class</c> and the factors where the data has them;
/// <c>mean0</c>… and <c>log_variance0</c>…, each number with as many digits as it takes to read it back exactly.
/// </summary>
internal static class CodeTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="split">The examples.</param>
    /// <param name="latent">Columns M of the codes.</param>
    /// <param name="means">n rows of M.</param>
    /// <param name="logVariances">n rows of M.</param>
    internal static void Write(string path, Split split, int latent, float[] means, float[] logVariances)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var table = new StreamWriter(path, append: false, encoding) { NewLine = "\n" };
        IReadOnlyList<string>? classes = split.Labels?.ClassNames;
        List<string> row = ["index"];
        if (split.FileNames is not null) row.Add("file");
        if (split.Labels is not null) row.Add("label");
        if (classes is not null) row.Add("class");
        if (split.Factors is { } named) row.AddRange(named.FactorNames);
        row.AddRange(Enumerable.Range(0, latent).Select(d => Invariant($"mean{d}")));
        row.AddRange(Enumerable.Range(0, latent).Select(d => Invariant($"log_variance{d}")));
        WriteRow(table, row);

        int[] factors = new int[split.Factors?.FactorNames.Count ?? 0];
        for (int i = 0; i < means.Length / latent; i++)
        {
            int example = split.ExampleId(i);
            row = [Invariant($"{i}")];
            if (split.FileNames is { } files) row.Add(files[example]);
            if (split.Labels is { } labels)
            {
                row.Add(Invariant($"{labels.Label(example)}"));
                if (classes is not null) row.Add(classes[labels.Label(example)]);
            }

            split.Factors?.Factors(example, factors);
            row.AddRange(factors.Select(value => Invariant($"{value}")));
            row.AddRange(means.AsSpan(i * latent, latent).ToArray().Select(value => Invariant($"{value:R}")));
            row.AddRange(logVariances.AsSpan(i * latent, latent).ToArray().Select(value => Invariant($"{value:R}")));
            WriteRow(table, row);
        }
    }

    private static void WriteRow(StreamWriter table, List<string> cells) => table.WriteLine(string.Join(',', cells.Select(Quoted)));

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny("\",\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
