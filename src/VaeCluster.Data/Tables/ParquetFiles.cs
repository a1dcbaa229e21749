using VaeCluster.Core;

namespace VaeCluster.Data.Tables;

/// <summary>The Parquet files of the splits.</summary>
/// <param name="Training">Those of the training images.</param>
/// <param name="Validation">Those of validation images; may be empty.</param>
/// <param name="Test">Those of test images; may be empty.</param>
/// <param name="Note">What the user should know about the choice; null if nothing.</param>
internal sealed record ParquetFiles(
    IReadOnlyList<string> Training, IReadOnlyList<string> Validation, IReadOnlyList<string> Test, string? Note)
{
    private const string Ending = "*.parquet";

    /// <summary>The files of all splits.</summary>
    internal IReadOnlyList<string> All => [.. Training, .. Validation, .. Test];

    /// <summary>A file, or the files of a folder and its subfolders, by the beginning of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="BadInputException">There are no Parquet files.</exception>
    internal static ParquetFiles Of(string path)
    {
        if (File.Exists(path)) return new ParquetFiles([path], [], [], null);
        if (!Directory.Exists(path))
            throw new BadInputException(path, null, null, "no such file or folder; expected Parquet files");
        string[] all;
        try
        {
            all = [.. Directory.EnumerateFiles(path, Ending, SearchOption.AllDirectories).Order(NaturalOrder.Comparer)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        if (all.Length == 0) throw new BadInputException(path, null, null, "has no files that end in .parquet");
        string[] training = Beginning("train"), validation = Beginning("val"), test = Beginning("test");
        if (training.Length == 0 || validation.Length + test.Length == 0)
            return new ParquetFiles(training.Length > 0 ? training : all, [], [], null);
        string note = $"{path}: {training.Length} files for training, {validation.Length} for validation, {test.Length} for tests, by their names";
        return new ParquetFiles(training, validation, test, note);

        string[] Beginning(string word) =>
            [.. all.Where(file => Path.GetFileName(file).StartsWith(word, StringComparison.OrdinalIgnoreCase))];
    }
}
