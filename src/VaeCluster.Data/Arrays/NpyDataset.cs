using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Arrays;

/// <summary>The dataset <c>npy</c>: images in one NumPy array, with optional held-out images and classes in others.</summary>
public static class NpyDataset
{
    private const string Path = "path";
    private const string ValidationPath = "validationPath";
    private const string TestPath = "testPath";
    private const string LabelsOf = "labels";
    private const string ValidationLabels = "validationLabels";
    private const string TestLabels = "testLabels";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "npy",
            "images in one NumPy array of numbers: count × height × width, optionally with 1, 3 or 4 (RGBA) channels first or last",
            [
                new FieldRule(Path, FieldKind.Path, "file of the training images") { Required = true },
                new FieldRule(ValidationPath, FieldKind.Path, "file of validation images of the same size; default: none of its own"),
                new FieldRule(TestPath, FieldKind.Path, "file of test images of the same size; default: no test split"),
                new FieldRule(LabelsOf, FieldKind.Path, "file with the class of each training image; default: no classes"),
                new FieldRule(ValidationLabels, FieldKind.Path, "file with the class of each validation image; default: no classes"),
                new FieldRule(TestLabels, FieldKind.Path, "file with the class of each test image; default: no classes"),
                LabelTable.ColumnField,
                .. GreyScale.Fields, ImageLayout.SizeField, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the files that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        ArrayImages training = NpyFile.OpenImages(spec, spec.Text(Path), options);
        LabelTable? labels = spec.Has(LabelsOf) ? Labels(spec, LabelsOf, training.Count) : null;
        return new DatasetPair(labels is null ? training : labels.On(training), HeldOut(TestPath, TestLabels))
        {
            Validation = HeldOut(ValidationPath, ValidationLabels),
            Notes = training.DescribeRange() is { } range ? [range] : [],
        };

        IDataset? HeldOut(string pathField, string labelField)
        {
            if (!spec.Has(pathField))
            {
                return !spec.Has(labelField) ? null : throw new BadInputException(
                    BadInputException.RunFile, $"data.{labelField}", spec.Text(labelField), $"only allowed together with {pathField}");
            }

            ArrayImages images = NpyFile.OpenImages(spec, spec.Text(pathField), options);
            SameSize.Check(training, images, spec.Text(pathField));
            if (!spec.Has(labelField)) return images;
            LabelTable own = Labels(spec, labelField, images.Count);
            return (labels is null ? own : own.As(labels.Names, spec.Text(labelField))).On(images);
        }
    }

    private static LabelTable Labels(MemberSpec spec, string field, int count)
    {
        string path = spec.Text(field);
        return LabelTable.Of(spec, Npy.Read(path), path, count);
    }
}
