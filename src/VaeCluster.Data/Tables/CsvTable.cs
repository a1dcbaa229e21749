using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using nietras.SeparatedValues;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Tables;

/// <summary>
/// A table of text, converted once to an array that the cache keeps: bytes if every pixel is a whole number from 0 to 255, otherwise
/// float32. It is read line by line, twice: to see what it has, and to convert it.
/// </summary>
/// <param name="CachePath">The converted array.</param>
/// <param name="Array">What it has: a row for each image.</param>
internal sealed record CsvTable(string CachePath, ConvertedArray Array)
{
    /// <summary>The field that chooses the column of the classes.</summary>
    internal const string LabelColumn = "labelColumn";

    /// <summary>The field that says whether there are names of columns.</summary>
    internal const string Header = "header";

    // A million pixels with six digits each.
    private const int LongestLine = 1 << 23;

    private const string NoLabels = "none";
    private const byte GzipFirst = 0x1f, GzipSecond = 0x8b;

    private static readonly string[] LabelNames = ["label", "labels", "class", "target", "y", "digit"];
    private static readonly string[] IndexNames = ["", "id", "index", "unnamed: 0"];

    /// <summary>The side of a square of a number of pixels; null if there is none.</summary>
    internal static int? SideOf(int pixels) =>
        (int)Math.Round(Math.Sqrt(pixels)) is var side && side * side == pixels && side > 0 ? side : null;

    /// <summary>Opens a table: from the cache, or else by converting it.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="BadInputException">The file is missing or damaged, or a line has something else than numbers.</exception>
    internal static CsvTable Open(MemberSpec spec, string path, CacheFolder cache)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; expected a table of comma-separated values");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; expected a table of comma-separated values");
        RegularFile.Demand(path);
        string size = spec.Has(ImageLayout.SizeField.Name) ? string.Join('×', spec.Integers(ImageLayout.SizeField.Name)) : string.Empty;
        string label = spec.Has(LabelColumn) ? spec.Text(LabelColumn) : string.Empty;
        string header = spec.Has(Header) ? $"{spec.Flag(Header)}" : string.Empty;
        string key = $"csv 1\n{size}\n{label}\n{header}\n{FileDigest.Of(path)}";
        if (cache.Find(key) is { } cached) return new CsvTable(cached.Path, ConvertedArray.OfNote(cached.Note));
        try
        {
            Columns columns = FindColumns(spec, path);
            (NpyType type, int count, List<string> classes) = Scan(path, columns);
            LabelTable? labels = columns.Label is null ? null : Classes(classes);
            var array = new ConvertedArray(type, [count, columns.Pixels.Length], labels is not null, labels?.Names?.ToArray());
            (string file, _) = cache.GetOrMake(key, path, array.Bytes, stream =>
            {
                Convert(path, columns, type, stream);
                if (labels is not null) stream.Write(MemoryMarshal.AsBytes<int>(labels.Classes));
                return array.ToNote();
            });
            return new CsvTable(file, array);
        }
        catch (InvalidDataException fault)
        {
            throw new BadInputException(path, null, null, $"is damaged ({fault.Message.ReplaceLineEndings(" ").TrimEnd('.')})", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    private static LabelTable Classes(List<string> texts)
    {
        int[] numbers = new int[texts.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !double.IsInteger(number) || number is < 0 or > ushort.MaxValue)
                return LabelTable.OfTexts(texts);
            numbers[i] = (int)number;
        }

        return new LabelTable(numbers, null);
    }

    private static Columns FindColumns(MemberSpec spec, string path)
    {
        using SepReader reader = Reader(path);
        if (!reader.MoveNext()) throw new BadInputException(path, null, null, "is empty; expected a table of comma-separated values");
        SepReader.Row row = reader.Current;
        string[] cells = new string[row.ColCount];
        for (int i = 0; i < cells.Length; i++) cells[i] = row[i].ToString().Trim().TrimStart('\ufeff');
        if (cells.Length < 2)
            throw new BadInputException(path, null, null, "has one column; expected a pixel in each, separated by ',', ';' or a tab");

        bool hasHeader = spec.Has(Header) ? spec.Flag(Header) : IsHeader(cells);
        int? label = FindLabel(spec, path, cells, hasHeader);
        int[] pixels = [.. Enumerable.Range(0, cells.Length).Where(i =>
            i != label && !(hasHeader && IndexNames.Contains(cells[i].ToLowerInvariant())))];
        return new Columns(cells.Length, hasHeader, label, pixels);
    }

    // Names, or numbers that count the columns, as some programs write them.
    private static bool IsHeader(string[] cells)
    {
        double?[] numbers = [.. cells.Select(NumberOf)];
        if (numbers.Count(number => number is null) > 1) return true;
        double[] known = [.. numbers.OfType<double>()];
        return known.Length > 2 && known[0] is 0 or 1 && known.Index().All(pair => pair.Item == known[0] + pair.Index);
    }

    private static int? FindLabel(MemberSpec spec, string path, string[] cells, bool hasHeader)
    {
        if (spec.Has(LabelColumn))
        {
            string wanted = spec.Text(LabelColumn);
            if (wanted == NoLabels) return null;
            int named = hasHeader ? System.Array.IndexOf(cells, wanted) : -1;
            if (named >= 0) return named;
            if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < cells.Length) return number;
            throw new BadInputException(
                BadInputException.RunFile, $"data.{LabelColumn}", wanted,
                $"{(hasHeader ? $"the name of a column of {path} (the first are {string.Join(", ", cells.Take(3))}), " : string.Empty)}"
                + $"a number from 0 to {cells.Length - 1}, or {NoLabels}");
        }

        if (hasHeader)
        {
            int found = System.Array.FindIndex(cells, cell => LabelNames.Contains(cell.ToLowerInvariant()));
            return found >= 0 ? found : null;
        }

        if (NumberOf(cells[0]) is null) return 0;
        int[] size = spec.Has(ImageLayout.SizeField.Name) ? spec.Integers(ImageLayout.SizeField.Name) : [];
        bool Fits(int pixels) => size.Length > 0 ? pixels % (size[0] * size[^1]) == 0 : SideOf(pixels) is not null;
        return !Fits(cells.Length) && Fits(cells.Length - 1) ? 0 : null;
    }

    private static (NpyType Type, int Count, List<string> Labels) Scan(string path, Columns columns)
    {
        bool areBytes = true;
        var labels = new List<string>();
        float[] values = new float[columns.Pixels.Length];
        int count = Each(path, columns, values, row =>
        {
            if (columns.Label is { } label) labels.Add(row[label].ToString().Trim());
            foreach (float value in values) areBytes &= value is >= 0 and <= byte.MaxValue && float.IsInteger(value);
        });
        if (count == 0) throw new BadInputException(path, null, null, "has no lines of pixels");
        return (areBytes ? NpyType.Byte : NpyType.Single, count, labels);
    }

    private static void Convert(string path, Columns columns, NpyType type, Stream stream)
    {
        float[] values = new float[columns.Pixels.Length];
        byte[] bytes = new byte[values.Length];
        Each(path, columns, values, _ =>
        {
            if (type == NpyType.Byte)
            {
                for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)values[i];
                stream.Write(bytes);
            }
            else
            {
                stream.Write(MemoryMarshal.AsBytes<float>(values));
            }
        });
    }

    private delegate void RowAction(SepReader.Row row);

    private static int Each(string path, Columns columns, float[] values, RowAction take)
    {
        using SepReader reader = Reader(path);
        int count = 0;
        bool isFirst = true;
        foreach (SepReader.Row row in reader)
        {
            bool isHeader = isFirst && columns.HasHeader;
            isFirst = false;
            if (isHeader || (row.ColCount == 1 && row[0].Span.Trim().IsEmpty)) continue;
            if (row.ColCount != columns.Count)
            {
                throw new BadInputException(
                    path, null, null, $"line {row.LineNumberFrom} has {row.ColCount} columns, but the first line has {columns.Count}");
            }

            for (int i = 0; i < values.Length; i++)
            {
                ReadOnlySpan<char> text = row[columns.Pixels[i]].Span.Trim();
                values[i] = Digits(text) ?? Number(path, row, columns.Pixels[i], text);
            }

            take(row);
            count++;
        }

        return count;
    }

    // Nearly all values of images are these, and are read in a fraction of the time that any number takes.
    private static float? Digits(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 3) return null;
        int value = 0;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit)) return null;
            value = (value * 10) + digit - '0';
        }

        return value;
    }

    private static float Number(string path, SepReader.Row row, int column, ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? (float)number
            : throw new BadInputException(
                path, string.Create(CultureInfo.InvariantCulture, $"line {row.LineNumberFrom}, column {column + 1}"), text.ToString(),
                "a number");

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static SepReader Reader(string path)
    {
        Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        bool compressed = stream.ReadByte() == GzipFirst && stream.ReadByte() == GzipSecond;
        stream.Position = 0;
        if (compressed) stream = new GZipStream(stream, CompressionMode.Decompress);
        stream = new LineLimitStream(stream, LongestLine);
        return Sep.Reader(options => options with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(stream);
    }

    private sealed record Columns(int Count, bool HasHeader, int? Label, int[] Pixels);
}
