using System.Globalization;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Labels;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tables;

/// <summary>Image files in the rows of Parquet files. One group of rows is in memory at a time.</summary>
internal sealed class ParquetPictures : IPictures
{
    /// <summary>The field that names the column of the images.</summary>
    internal const string ImageColumn = "imageColumn";

    /// <summary>The field that names the column of the classes.</summary>
    internal const string LabelColumn = "labelColumn";

    // A row of a larger group takes at least a byte.
    private const long FewRows = 1 << 16;

    private const string BytesPart = "bytes";
    private const string StandardLabel = "label";
    private const string HubMetadata = "huggingface";

    private readonly IReadOnlyList<string> _paths;
    private readonly string? _image;
    private readonly string? _label;

    private ParquetPictures(IReadOnlyList<string> paths, string? image, string? label)
    {
        (_paths, _image, _label) = (paths, image, label);
        foreach (string path in paths)
        {
            Use(path, reader =>
            {
                _ = ImageField(path, reader.Schema);
                for (int group = 0; group < reader.RowGroupCount; group++)
                {
                    using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                    long most = Math.Max(FewRows, new FileInfo(path).Length);
                    if (rows.RowCount < 0 || rows.RowCount > most)
                        throw new BadInputException(path, "rows", $"{rows.RowCount} in a group", $"at most {most} in a file of this size");
                    Count = checked(Count + (int)rows.RowCount);
                }

                return true;
            });
        }

        if (Count == 0) throw new BadInputException(Place, null, null, "has no rows");
    }

    public int Count { get; private set; }

    public string Place => _paths.Count == 1 ? _paths[0] : Path.GetDirectoryName(_paths[0])!;

    /// <summary>Opens files and reads their sizes.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="paths">The files, at least one.</param>
    /// <exception cref="BadInputException">A file is damaged, or has no column of images.</exception>
    internal static ParquetPictures Open(MemberSpec spec, IReadOnlyList<string> paths) => new(
        paths, spec.Has(ImageColumn) ? spec.Text(ImageColumn) : null, spec.Has(LabelColumn) ? spec.Text(LabelColumn) : null);

    public string Digest()
    {
        var text = new StringBuilder($"parquet {_image}\n");
        foreach (string path in _paths) text.Append(FileDigest.Of(path)).Append('\n');
        return text.ToString();
    }

    public IEnumerable<IReadOnlyList<PictureFile>> Batches(int most)
    {
        foreach (string path in _paths)
        {
            int row = 0, groups = Use(path, reader => reader.RowGroupCount);
            for (int group = 0; group < groups; group++)
            {
                byte[]?[] images = Use(path, reader => ReadImages(reader, group, ImageField(path, reader.Schema)));
                foreach (byte[]?[] batch in images.Chunk(most))
                {
                    int first = row;
                    yield return [.. batch.Select((bytes, i) => new PictureFile(
                        string.Create(CultureInfo.InvariantCulture, $"{path}: row {first + i}"), bytes ?? []))];
                    row += batch.Length;
                }
            }
        }
    }

    /// <summary>The classes; null if there are none.</summary>
    /// <exception cref="BadInputException">The column is missing, or has something else than whole numbers or text.</exception>
    internal LabelTable? ReadLabels()
    {
        var texts = new List<string>();
        bool areNumbers = true;
        string[]? names = null;
        foreach (string path in _paths)
        {
            bool has = Use(path, reader =>
            {
                if (LabelField(path, reader.Schema) is not { } field) return false;
                names ??= HubNames(reader, field.Path.FirstPart!);
                areNumbers &= !IsText(field);
                for (int group = 0; group < reader.RowGroupCount; group++) texts.AddRange(ReadTexts(path, reader, group, field));
                return true;
            });
            if (!has) return null;
        }

        if (!areNumbers) return LabelTable.OfTexts(texts);
        int[] numbers = new int[texts.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(texts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > ushort.MaxValue)
            {
                throw new BadInputException(
                    Place, _label ?? StandardLabel, texts[i], $"classes are whole numbers from 0 to {ushort.MaxValue}, or text");
            }
        }

        return new LabelTable(numbers, names is not null && numbers.Max() < names.Length ? names : null);
    }

    private DataField ImageField(string path, ParquetSchema schema)
    {
        DataField[] fields = [.. schema.GetDataFields().Where(field => IsBytes(field))];
        DataField[] found = [.. fields.Where(field => _image is null
            ? field.Path.Length == 1 || field.Path[^1] == BytesPart : field.Path.FirstPart == _image)];
        return found.Length == 1 ? found[0] : throw new BadInputException(
            path, null, null,
            (_image is not null ? $"has no column {_image} with the bytes of images"
                : found.Length == 0 ? "has no column with the bytes of images" : "has several columns with bytes")
            + $"; its columns are {string.Join(", ", schema.Fields.Select(field => field.Name))}"
            + (found.Length > 1 ? $"; choose one with {ImageColumn}" : string.Empty));
    }

    private static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private DataField? LabelField(string path, ParquetSchema schema)
    {
        string name = _label ?? StandardLabel;
        DataField? field = schema.GetDataFields().FirstOrDefault(field => field.Path.Length == 1 && field.Name == name);
        return field is not null || _label is null ? field : throw new BadInputException(
            BadInputException.RunFile, $"data.{LabelColumn}", name,
            $"a column of {path}: {string.Join(", ", schema.Fields.Select(other => other.Name))}");
    }

    // The library packs the values of a column in a structure to the front where some are missing, so they are placed here, by the levels
    // that say which are there.
    private static byte[]?[] ReadImages(ParquetReader reader, int group, DataField field)
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        int count = (int)rows.RowCount;
        var values = new ReadOnlyMemory<byte>[count];
        int[]? levels = field.MaxDefinitionLevel > 0 ? new int[count] : null;
        Wait(rows.ReadRawAsync(field, values.AsMemory(), levels?.AsMemory(), null));
        byte[]?[] images = new byte[count][];
        for (int row = 0, value = 0; row < count; row++)
        {
            if (levels is null || levels[row] == field.MaxDefinitionLevel) images[row] = values[value++].ToArray();
        }

        return images;
    }

    private static IEnumerable<string> ReadTexts(string path, ParquetReader reader, int group, DataField field)
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        int count = (int)rows.RowCount;
        if (IsText(field))
        {
            string?[] texts = new string?[count];
            Wait(rows.ReadAsync(field, texts.AsMemory()));
            return texts.Select(text => text ?? string.Empty);
        }

        if (field.ClrType == typeof(long)) return Numbers<long>();
        if (field.ClrType == typeof(int)) return Numbers<int>();
        if (field.ClrType == typeof(short)) return Numbers<short>();
        if (field.ClrType == typeof(sbyte)) return Numbers<sbyte>();
        if (field.ClrType == typeof(byte)) return Numbers<byte>();
        if (field.ClrType == typeof(ushort)) return Numbers<ushort>();
        if (field.ClrType == typeof(bool)) return Numbers<bool>();
        throw new BadInputException(path, field.Name, field.ClrType.Name, "classes are whole numbers or text");

        List<string> Numbers<T>()
            where T : struct
        {
            if (!field.IsNullable)
            {
                T[] values = new T[count];
                Wait(rows.ReadAsync<T>(field, values.AsMemory()));
                return [.. values.Select(value => Text(value))];
            }

            T?[] optional = new T?[count];
            Wait(rows.ReadAsync<T>(field, optional.AsMemory()));
            return [.. optional.Select(value => value is { } known ? Text(known) : string.Empty)];
        }

        static string Text<T>(T value) => value is bool flag ? flag ? "1" : "0" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }

    // Data hubs write the names of the classes into the file's metadata.
    private static string[]? HubNames(ParquetReader reader, string column)
    {
        if (reader.CustomMetadata is null || !reader.CustomMetadata.TryGetValue(HubMetadata, out string? text)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("info", out JsonElement info) && info.TryGetProperty("features", out JsonElement features)
                && features.TryGetProperty(column, out JsonElement feature) && feature.TryGetProperty("names", out JsonElement names)
                && names.ValueKind == JsonValueKind.Array ? [.. names.EnumerateArray().Select(name => name.ToString())] : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // names are only shown
        }
    }

    private static T Use<T>(string path, Func<ParquetReader, T> use)
    {
        RegularFile.Demand(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            ParquetFooter.Demand(path, file);
            ParquetReader reader = Wait(ParquetReader.CreateAsync(file));
            try
            {
                return use(reader);
            }
            finally
            {
                reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception fault) when (fault is not BadInputException)
        {
            // The library throws whatever a damaged file makes it run into, also for a length that no memory has.
            throw new BadInputException(
                path, null, null, $"is not a Parquet file, or damaged ({fault.Message.ReplaceLineEndings(" ").TrimEnd('.')})", fault);
        }
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
