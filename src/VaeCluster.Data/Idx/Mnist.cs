using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Idx;

/// <summary>
/// The dataset <c>mnist</c>: any folder with the four IDX files of MNIST or of a dataset in the same format (Fashion-MNIST, KMNIST, …),
/// under their usual names, plain or gzip. It has its own test split and labels.
/// </summary>
public static class Mnist
{
    private const string Path = "path";

    private const string Needed =
        "train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz], t10k-images-idx3-ubyte[.gz] and t10k-labels-idx1-ubyte[.gz]";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "mnist",
            "a folder with the four IDX files of MNIST, Fashion-MNIST or similar, plain or gzip, with their own test split",
            [new FieldRule(Path, FieldKind.Path, "the folder") { Required = true }]),
        spec => Open(spec.Name, spec.Text(Path)));

    private static DatasetPair Open(string name, string folder)
    {
        if (!Directory.Exists(folder))
        {
            string what = File.Exists(folder) ? "is a file" : "no such folder";
            throw new BadInputException(folder, null, null, $"{what}; expected a folder with {Needed}");
        }

        // Find all four before reading the first, so that a missing file is reported at once.
        string trainingImages = Find(folder, "train", "images", 3), trainingLabels = Find(folder, "train", "labels", 1);
        string testImages = Find(folder, "t10k", "images", 3), testLabels = Find(folder, "t10k", "labels", 1);
        StoredImages training = IdxImages.Read(name, trainingImages);
        StoredImages test = IdxImages.ReadTest(training, testImages);
        return new DatasetPair(WithLabels(training, trainingLabels), WithLabels(test, testLabels));
    }

    private static string Find(string folder, string split, string content, int rank)
    {
        string[] names =
        [
            $"{split}-{content}-idx{rank}-ubyte", $"{split}-{content}-idx{rank}-ubyte.gz",
            $"{split}-{content}.idx{rank}-ubyte", $"{split}-{content}.idx{rank}-ubyte.gz",
        ];
        return names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new BadInputException(folder, null, null, $"has no {split} {content}; expected one of {string.Join(", ", names)}");
    }

    private static LabelledImages WithLabels(StoredImages images, string path)
    {
        byte[] labels = IdxReader.Read(path, 1).Bytes;
        if (labels.Length != images.Count)
            throw new BadInputException(path, null, null, $"has {labels.Length} labels for {images.Count} images");
        return new LabelledImages(images, [.. labels.Select(label => (int)label)]);
    }
}
