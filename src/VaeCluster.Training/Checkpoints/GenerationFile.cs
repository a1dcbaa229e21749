using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Training.Files;

namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// The generation of a run on one machine: a folder with one empty file for each incarnation, made exclusively, so that of two processes
/// that start at once exactly one gets a number.
/// </summary>
/// <param name="folder">Path of the folder.</param>
public sealed class GenerationFile(string folder) : IGenerations
{
    // Nobody gets so far by starting; a file with a larger number was put there by hand, and is no generation.
    internal const int Most = 1_000_000_000;

    /// <inheritdoc/>
    public int Take(int atLeast)
    {
        if (File.Exists(folder))
            throw new BadInputException(folder, null, null, "is a file, and the run keeps a folder of its generations here; move it away");
        if (atLeast >= Most) throw new BadInputException(folder, null, $"{atLeast}", $"generations are at most {Most}");
        Directory.CreateDirectory(folder);
        for (int generation = Math.Max(Newest(), atLeast) + 1; ; generation++)
        {
            try
            {
                new FileStream(NameOf(generation), FileMode.CreateNew, FileAccess.Write).Dispose();
                DurableFile.FlushFolder(folder);
                return generation;
            }
            catch (IOException) when (File.Exists(NameOf(generation)))
            {
                // Another process was faster; the next number is still free.
            }
        }
    }

    /// <inheritdoc/>
    public void Demand(int generation)
    {
        int newest = Newest();
        if (newest > generation) throw new StaleGenerationException(generation, newest);
    }

    private int Newest() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder)
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int generation) && generation < Most
                ? generation : 0)
            .DefaultIfEmpty(0).Max()
        : 0;

    private string NameOf(int generation) => Path.Combine(folder, generation.ToString("D6", CultureInfo.InvariantCulture));
}
