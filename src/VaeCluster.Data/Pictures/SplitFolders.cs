using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>The folders of the splits of a set of images.</summary>
/// <param name="Training">The training images.</param>
/// <param name="Validation">The folder of validation images; null if there is none.</param>
/// <param name="Test">The folder of test images; null if there is none.</param>
/// <param name="Note">What the user should know about the choice; null if nothing.</param>
internal sealed record SplitFolders(string Training, string? Validation, string? Test, string? Note)
{
    private static readonly string[] TrainingNames = ["train", "training"];
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];
    private static readonly string[] TestNames = ["test", "testing"];

    /// <summary>
    /// The splits of a folder: if it holds a folder <c>train</c>, and <c>test</c>, <c>val</c> or <c>valid</c>, in any case, these; otherwise
    /// the folder itself. They would make no sense as classes.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="BadInputException">There is no such folder, or two of its folders are the same split.</exception>
    internal static SplitFolders Of(string path)
    {
        PictureFolder.CheckIsFolder(path);
        string[] names;
        try
        {
            names = [.. new DirectoryInfo(path).EnumerateDirectories().Select(folder => folder.Name).Where(name => !name.StartsWith('.'))
                .Order(NaturalOrder.Comparer)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        string? training = Only(path, names, TrainingNames), validation = Only(path, names, ValidationNames);
        string? test = Only(path, names, TestNames);
        if (training is null || (validation ?? test) is null) return new SplitFolders(path, null, null, null);

        string note = $"{path}: {training} is for training"
            + (validation is null ? string.Empty : $", {validation} for validation") + (test is null ? string.Empty : $", {test} for tests");
        string[] others = [.. names.Where(name => name != training && name != validation && name != test)];
        if (others.Length > 0) note += $"; left out: {string.Join(", ", others)}";
        return new SplitFolders(Full(training)!, Full(validation), Full(test), note);

        string? Full(string? name) => name is null ? null : System.IO.Path.Combine(path, name);
    }

    private static string? Only(string path, string[] names, string[] wanted)
    {
        string[] found = [.. names.Where(name => wanted.Contains(name.ToLowerInvariant()))];
        return found.Length < 2 ? found.FirstOrDefault() : throw new BadInputException(
            path, null, null, $"has the folders {string.Join(" and ", found)}, which could both be the same split; move one away");
    }
}
