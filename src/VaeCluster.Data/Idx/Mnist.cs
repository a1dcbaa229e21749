using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Idx;

/// <summary>
/// The dataset <c>mnist</c>: any folder with the four IDX files of MNIST or of a dataset in the same format (Fashion-MNIST, KMNIST, …),
/// under their usual names, or those of EMNIST, plain or gzip. It has its own test split and labels.
/// </summary>
public static class Mnist
{
    private const string Path = "path";
    private const string Set = "set";
    private const string Emnist = "emnist-";
    private const string EmnistTraining = "-train-images-idx3-ubyte";
    private const string Gzip = ".gz";
    private const string Needed =
        "train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz], t10k-images-idx3-ubyte[.gz] and t10k-labels-idx1-ubyte[.gz], "
        + "or those of EMNIST, emnist-letters-train-images-idx3-ubyte[.gz] and so on";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "mnist",
            "a folder with the four IDX files of MNIST, Fashion-MNIST, EMNIST or similar, plain or gzip, with their own test split",
            [
                new FieldRule(Path, FieldKind.Path, "the folder") { Required = true },
                new FieldRule(
                    Set, FieldKind.Text, "the part of EMNIST, as letters in emnist-letters-train-images-idx3-ubyte; default: the only one"),
                IdxImages.TransposeField,
            ]),
        Open);

    private static DatasetPair Open(MemberSpec spec)
    {
        string folder = spec.Text(Path);
        if (!Directory.Exists(folder))
        {
            string what = File.Exists(folder) ? "is a file" : "no such folder";
            throw new BadInputException(folder, null, null, $"{what}; expected a folder with {Needed}");
        }

        // Find all four before reading the first, so that a missing file is reported at once.
        string? set = EmnistSet(spec, folder);
        (string training, string test) = set is null ? ("train", "t10k") : ($"{Emnist}{set}-train", $"{Emnist}{set}-test");
        string trainingImages = Find(folder, training, "images", 3), trainingLabels = Find(folder, training, "labels", 1);
        string testImages = Find(folder, test, "images", 3), testLabels = Find(folder, test, "labels", 1);
        IDataset images = IdxImages.Read(spec, trainingImages);
        IDataset held = IdxImages.ReadHeldOut(spec, images, testImages);
        bool lies = set is not null && !(spec.Has(IdxImages.TransposeField.Name) && spec.Flag(IdxImages.TransposeField.Name));
        return new DatasetPair(IdxImages.WithLabels(spec, images, trainingLabels), IdxImages.WithLabels(spec, held, testLabels))
        {
            Notes = lies ? [$"{folder}: the images of EMNIST lie on their side; transpose: true turns them"] : [],
        };
    }

    // Only where the plain names are missing, so that a folder with both is read as before.
    private static string? EmnistSet(MemberSpec spec, string folder)
    {
        string[] sets = [.. Directory.EnumerateFiles(folder, $"{Emnist}*{EmnistTraining}*").Select(file => SetOf(System.IO.Path.GetFileName(file)))
            .Distinct().Order(StringComparer.Ordinal)];
        if (spec.Has(Set))
        {
            string wanted = spec.Text(Set);
            return sets.Contains(wanted) ? wanted : throw new BadInputException(
                folder, null, null,
                $"has no {Emnist}{wanted}{EmnistTraining}[.gz]; it has {(sets.Length == 0 ? "no part of EMNIST" : string.Join(", ", sets))}");
        }

        if (sets.Length == 0 || Names("train", "images", 3).Any(name => File.Exists(System.IO.Path.Combine(folder, name)))) return null;
        return sets.Length == 1 ? sets[0] : throw new BadInputException(
            folder, null, null, $"has several parts of EMNIST; choose one with {Set}: {string.Join(", ", sets)}");
    }

    private static string SetOf(string file)
    {
        if (file.EndsWith(Gzip, StringComparison.Ordinal)) file = file[..^Gzip.Length];
        return file.EndsWith(EmnistTraining, StringComparison.Ordinal) ? file[Emnist.Length..^EmnistTraining.Length] : file;
    }

    private static string[] Names(string split, string content, int rank) =>
    [
        $"{split}-{content}-idx{rank}-ubyte", $"{split}-{content}-idx{rank}-ubyte.gz",
        $"{split}-{content}.idx{rank}-ubyte", $"{split}-{content}.idx{rank}-ubyte.gz",
    ];

    private static string Find(string folder, string split, string content, int rank)
    {
        string[] names = Names(split, content, rank);
        return names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new BadInputException(folder, null, null, $"has no {split} {content}; expected one of {string.Join(", ", names)}");
    }
}
