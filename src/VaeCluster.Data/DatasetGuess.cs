using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Npz;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data;

/// <summary>
/// Guesses which kind of dataset a file or folder is, by its extension or what is in it. To add a kind, add its extensions to the table.
/// </summary>
internal static class DatasetGuess
{
    private const string Images = "images", Mnist = "mnist", Npz = "npz", PathField = "path", Size = "size", Channels = "channels";

    // Ends of file names, in lower case; of kinds that this build does not have nothing is guessed.
    private static readonly (string Kind, string[] Endings)[] Table =
    [
        ("npy", [".npy"]),
        (Npz, [".npz"]),
        ("idx", [".idx", ".idx.gz", "ubyte", "ubyte.gz"]),
        ("csv", [".csv", ".csv.gz"]),
        ("parquet", [".parquet"]),
        ("hdf5", [".h5", ".hdf5"]),
        (Images, [.. PictureReader.Endings]),
    ];

    // Kinds whose files hold arrays of numbers.
    private static readonly string[] Arrays = ["npy", Npz, "hdf5"];

    // How a file of the same kind is read, or an array in another file of arrays.
    private static readonly string[] Carried = ["black", "white", "layout", "fit", "transpose", "header"];

    // Names of arrays and columns mean something only in files of the same kind.
    private static readonly string[] CarriedNames = ["array", "labels", "image", "label"];

    // Kinds that make images of a wanted size out of what they find.
    private static readonly string[] Sized = [Images, "csv", "parquet"];

    /// <summary>Chooses kind and fields for other images of a run.</summary>
    /// <param name="path">A file or folder, absolute.</param>
    /// <param name="trained">The dataset that the run was trained on.</param>
    /// <param name="image">The image that its model takes.</param>
    /// <exception cref="BadInputException">There is no such file or folder, or its kind cannot be told.</exception>
    internal static MemberSpec Of(string path, MemberSpec trained, ImageShape image)
    {
        (string kind, string place) = KindOf(path);
        Member member = Datasets.Members.First(known => known.Name == kind);
        bool isAlike = trained.Name == kind || (Arrays.Contains(trained.Name) && Arrays.Contains(kind));
        IReadOnlyList<string>? arrays = kind == Npz ? NpzArchive.Open(place).Names : null;
        var values = new Dictionary<string, object>();
        foreach (FieldRule field in member.Fields)
        {
            object? value = field.Name switch
            {
                PathField => place,
                Size when Sized.Contains(kind) => new List<long> { image.Height, image.Width },
                Size when isAlike => Same(field),
                Channels => image.Channels == 1 ? "grey" : "color",
                _ when Carried.Contains(field.Name) && isAlike => Same(field),
                _ when CarriedNames.Contains(field.Name) && field.Kind == FieldKind.Text && trained.Name == kind => Same(field),
                _ => null,
            };
            if (arrays is not null && CarriedNames.Contains(field.Name) && value is string name && !arrays.Contains(name)) value = null;
            if ((value ?? field.Default) is { } given) values[field.Name] = given;
        }

        return new MemberSpec(kind, values);

        object? Same(FieldRule field) => trained.Has(field.Name) ? trained.Values[field.Name] : null;
    }

    private static (string Kind, string Path) KindOf(string path)
    {
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file or folder");
            if (KindOfFile(path) is { } kind) return (kind, path);
            throw new BadInputException(path, null, null, $"not a kind of data that is known by its name: {Endings()}");
        }

        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(path).Where(file => !Path.GetFileName(file).StartsWith('.'))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        if (files.Any(file => Path.GetFileName(file).Contains("train-images", StringComparison.Ordinal))) return (Mnist, path);

        // A download is often a folder with one file in it, and a text beside.
        string[] known = [.. files.Where(file => KindOfFile(file) is not null)];
        return known is [var only] && KindOfFile(only) is { } inside and not Images && !Directory.EnumerateDirectories(path).Any()
            ? (inside, only)
            : (Images, path);
    }

    private static string? KindOfFile(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        return Known().FirstOrDefault(row => row.Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))).Kind;
    }

    private static string Endings() =>
        $"a file that ends in {string.Join(", ", Known().SelectMany(row => row.Endings))}, or a folder of pictures";

    private static IEnumerable<(string Kind, string[] Endings)> Known() =>
        Table.Where(row => Datasets.Members.Any(member => member.Name == row.Kind));
}
