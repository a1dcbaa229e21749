using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Labels;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tables;

/// <summary>
/// The dataset <c>parquet</c>: image files in the rows of Parquet tables, as data hubs have them, decoded and resized like those of the
/// dataset <c>images</c>.
/// </summary>
public static class ParquetDataset
{
    private const string Path = "path";
    private const string ValidationPath = "validationPath";
    private const string TestPath = "testPath";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "parquet",
            "image files in the rows of Parquet tables, as data hubs have them: a column with the bytes of each file, and perhaps its class",
            [
                new FieldRule(
                    Path, FieldKind.Path,
                    "a file, or a folder of which the files that begin with train, validation and test are the splits")
                {
                    Required = true,
                },
                new FieldRule(ValidationPath, FieldKind.Path, "file or folder of validation images; default: none of its own"),
                new FieldRule(TestPath, FieldKind.Path, "file or folder of test images; default: no test split"),
                new FieldRule(ParquetPictures.ImageColumn, FieldKind.Text, "the column of the images; default: the only one of bytes"),
                new FieldRule(ParquetPictures.LabelColumn, FieldKind.Text, "the column of the classes; default: label, if there is one"),
                .. PictureDecoder.Fields, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the files that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        var notes = new List<string>();
        ParquetFiles files = ParquetFiles.Of(spec.Text(Path));
        if (files.Note is { } note) notes.Add(note);
        ParquetPictures pictures = ParquetPictures.Open(spec, files.Training);
        ArrayImages training = PictureDecoder.Open(spec, pictures, training: null, options);
        if (training.DescribeRange() is { } range) notes.Add(range);
        LabelTable? labels = pictures.ReadLabels();
        return new DatasetPair(labels is null ? training : labels.On(training), HeldOut(TestPath, files.Test))
        {
            Validation = HeldOut(ValidationPath, files.Validation),
            Notes = notes,
        };

        IDataset? HeldOut(string field, IReadOnlyList<string> found)
        {
            IReadOnlyList<string> paths = spec.Has(field) ? ParquetFiles.Of(spec.Text(field)).All : found;
            if (paths.Count == 0) return null;
            ParquetPictures own = ParquetPictures.Open(spec, paths);
            ArrayImages images = PictureDecoder.Open(spec, own, training, options);
            return own.ReadLabels() is not { } classes ? images : (labels is null ? classes : classes.As(labels.Names, own.Place)).On(images);
        }
    }
}
