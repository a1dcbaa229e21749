using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data;

/// <summary>Images that a run was not trained on, for its model to encode or to be evaluated on.</summary>
public static class OtherData
{
    /// <summary>
    /// Opens a file or folder, whose kind is guessed, with the run's size, colours, values of black and white, and binarisation.
    /// </summary>
    /// <param name="path">A file or folder of any kind that a run file can name, or a single picture.</param>
    /// <param name="trained">The data that the run was trained on.</param>
    /// <param name="image">The image that its model takes; pictures are resized to it.</param>
    /// <param name="evaluationSeed">The evaluation seed, which draws the binarisation.</param>
    /// <returns>All images as the training split, and the data's own test images where it has any.</returns>
    /// <exception cref="BadInputException">The data is missing, damaged or of an unknown kind, or its images do not fit.</exception>
    public static DataSplits Open(string path, DataSpec trained, ImageShape image, long evaluationSeed)
    {
        string full = Path.GetFullPath(path);
        MemberSpec spec = DatasetGuess.Of(full, trained.Dataset, image);
        DatasetPair opened;
        try
        {
            opened = spec.Name == ImagesDataset.Kind.Member.Name && File.Exists(full)
                ? ImagesDataset.OpenFile(spec, new StorageOptions())
                : Datasets.Open(spec);
        }
        catch (BadInputException fault)
        {
            throw fault.In(path);
        }

        if (opened.Training.Image != image)
        {
            throw new BadInputException(path, null, null,
                $"has images of {opened.Training.Image}; the model of this run takes {image}, and only pictures are resized to it");
        }

        return DataSplits.HeldOut(Path.GetFileName(Path.TrimEndingDirectorySeparator(full)), opened,
            new Binarizer(trained.Binarize, evaluationSeed, Fixed: true));
    }
}
