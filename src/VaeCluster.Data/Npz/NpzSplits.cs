namespace VaeCluster.Data.Npz;

/// <summary>The names of the arrays of an archive's splits; null for those that it lacks.</summary>
/// <param name="Training">Training images.</param>
/// <param name="Validation">Validation images.</param>
/// <param name="Test">Test images.</param>
/// <param name="Labels">Classes of the training images.</param>
/// <param name="ValidationLabels">Classes of the validation images.</param>
/// <param name="TestLabels">Classes of the test images.</param>
/// <param name="Note">What to tell the user if they were found by their names; null if the run file names them.</param>
internal sealed record NpzSplits(
    string Training, string? Validation, string? Test, string? Labels, string? ValidationLabels, string? TestLabels, string? Note);

/// <summary>The archives of MedMNIST, and others that name their arrays so.</summary>
internal static class MedMnist
{
    private const string Images = "_images", Labels = "_labels";

    /// <summary>The splits of an archive with train_images and at least one of val_images and test_images; otherwise null.</summary>
    /// <param name="archive">The archive.</param>
    internal static NpzSplits? Find(NpzArchive archive)
    {
        string? training = Find("train" + Images), validation = Find("val" + Images), test = Find("test" + Images);
        if (training is null || (validation ?? test) is null) return null;
        string?[] found = [training, validation, test];
        return new NpzSplits(
            training, validation, test, Find("train" + Labels), validation is null ? null : Find("val" + Labels),
            test is null ? null : Find("test" + Labels), $"the splits are {string.Join(", ", found.Where(name => name is not null))}");

        string? Find(string name) => archive.Names.Contains(name) ? name : null;
    }
}
