using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// The dataset <c>images</c>: a folder of image files, resized to one size, in natural order of their names. If every file is in a
/// subfolder, the subfolders are the classes; the subfolders <c>train</c>, <c>val</c> and <c>test</c> are the splits.
/// </summary>
public static class ImagesDataset
{
    private const string Path = "path";
    private const string ValidationPath = "validationPath";
    private const string TestPath = "testPath";
    private const string Strict = "strict";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "images",
            $"a folder of {PictureFormats.Names} files, resized; subfolders train, val and test are the splits, others the classes",
            [
                new FieldRule(
                    Path, FieldKind.Path,
                    "folder of training images, including subfolders, in natural order of their names (2 before 10); a folder that holds "
                    + "train, and test or val, has these splits")
                {
                    Required = true,
                },
                new FieldRule(ValidationPath, FieldKind.Path, "folder of validation images; default: no validation split of its own"),
                new FieldRule(TestPath, FieldKind.Path, "folder of test images; default: no test split"),
                .. PictureDecoder.Fields,
                new FieldRule(Strict, FieldKind.Flag, "true: a file that is not an image is an error; false: it is left out, with a note")
                {
                    Default = false,
                },
                StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the folders that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        var notes = new List<string>();
        SplitFolders splits = SplitFolders.Of(spec.Text(Path));
        if (splits.Note is { } note) notes.Add(note);
        string? validationPath = spec.Has(ValidationPath) ? spec.Text(ValidationPath) : splits.Validation;
        string? testPath = spec.Has(TestPath) ? spec.Text(TestPath) : splits.Test;

        PictureFolder folder = Find(spec, splits.Training, notes);
        ArrayImages training = PictureDecoder.Open(spec, folder, training: null, options);
        if (training.DescribeRange() is { } range) notes.Add(range);
        return new DatasetPair(WithLabels(training, folder, folder), HeldOut(testPath, spec.Has(TestPath)))
        {
            Validation = HeldOut(validationPath, spec.Has(ValidationPath)),
            Notes = notes,
        };

        IDataset? HeldOut(string? path, bool isNamed)
        {
            if (path is null) return null;
            PictureFolder own = Find(spec, path, notes);
            ArrayImages images = PictureDecoder.Open(spec, own, training, options);
            if (folder.Classes is { } classes && own.Classes?.Except(classes).FirstOrDefault() is { } stranger)
            {
                if (isNamed)
                    throw new BadInputException(
                        own.FullPath(stranger), null, null,
                        $"class not found in the training images, whose classes are {string.Join(", ", classes)}");
                notes.Add($"{path}: has the class {stranger}, which the training images lack; its images are used without classes");
                return images;
            }

            return WithLabels(images, own, folder);
        }
    }

    /// <summary>Opens a single image file.</summary>
    /// <param name="spec">The fields; <c>path</c> is the file.</param>
    /// <param name="options">Memory and cache.</param>
    internal static DatasetPair OpenFile(MemberSpec spec, StorageOptions options)
    {
        string path = spec.Text(Path);
        var folder = new PictureFolder(System.IO.Path.GetDirectoryName(path)!, [System.IO.Path.GetFileName(path)]);
        ArrayImages image = PictureDecoder.Open(spec, folder, training: null, options);
        image.FileNames = folder.Files;
        return new DatasetPair(image, Test: null);
    }

    private static PictureFolder Find(MemberSpec spec, string path, List<string> notes)
    {
        PictureFolder folder = PictureFolder.Find(path, spec.Has(Strict) && spec.Flag(Strict));
        if (folder.Strays.Count > 0) notes.Add($"{path}: left out, since they are not images: {PictureFolder.Some(folder.Strays)}");
        return folder;
    }

    private static IDataset WithLabels(ArrayImages images, PictureFolder folder, PictureFolder training)
    {
        images.FileNames = folder.Files;
        if (training.Classes is not { } classes || folder.Classes is null) return images;
        Dictionary<string, int> labels = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new LabelledImages(images, [.. folder.Files.Select(file => labels[PictureFolder.ClassOf(file)])], classes);
    }
}
