using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Idx;

/// <summary>The dataset <c>idx</c>: images of any size in one IDX file, with optional held-out images and classes in others.</summary>
public static class IdxDataset
{
    private const string Path = "path";
    private const string ValidationPath = "validationPath";
    private const string TestPath = "testPath";
    private const string Labels = "labels";
    private const string ValidationLabels = "validationLabels";
    private const string TestLabels = "testLabels";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "idx",
            "images of any size in one IDX file, plain or gzip: count × height × width, or count × height × width × channels (1 or 3)",
            [
                new FieldRule(Path, FieldKind.Path, "file of the training images") { Required = true },
                new FieldRule(ValidationPath, FieldKind.Path, "file of validation images of the same size; default: none of its own"),
                new FieldRule(TestPath, FieldKind.Path, "file of test images of the same size; default: no test split"),
                new FieldRule(Labels, FieldKind.Path, "file with the class of each training image; default: no classes"),
                new FieldRule(ValidationLabels, FieldKind.Path, "file with the class of each validation image; default: no classes"),
                new FieldRule(TestLabels, FieldKind.Path, "file with the class of each test image; default: no classes"),
                LabelTable.ColumnField,
                .. GreyScale.FieldsWith("255 for bytes, 1 for floats, and for other whole numbers 255, or 1 if none is above it"),
                IdxImages.TransposeField,
            ]),
        Open);

    private static DatasetPair Open(MemberSpec spec)
    {
        IDataset training = IdxImages.Read(spec, spec.Text(Path));
        return new DatasetPair(WithLabels(training, Labels), HeldOut(TestPath, TestLabels))
        {
            Validation = HeldOut(ValidationPath, ValidationLabels),
            Notes = (training as ArrayImages)?.DescribeRange() is { } range ? [range] : [],
        };

        IDataset? HeldOut(string path, string labels)
        {
            if (spec.Has(labels) && !spec.Has(path))
                throw new BadInputException(BadInputException.RunFile, $"data.{labels}", spec.Text(labels), $"only allowed together with {path}");
            return spec.Has(path) ? WithLabels(IdxImages.ReadHeldOut(spec, training, spec.Text(path)), labels) : null;
        }

        IDataset WithLabels(IDataset images, string labels) =>
            spec.Has(labels) ? IdxImages.WithLabels(spec, images, spec.Text(labels)) : images;
    }
}
