namespace VaeCluster.Training.Checkpoints;

/// <summary>A checkpoint's folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Generation">Incarnation that wrote it.</param>
public sealed record CheckpointInfo(string Path, int Step, int Generation)
{
    /// <summary>The folder's name: <c>step-00000500-g1</c>.</summary>
    public static string Name(int step, int generation) => FormattableString.Invariant($"step-{step:D8}-g{generation}");

    /// <summary>Size of its files.</summary>
    /// <returns>Bytes; 0 where it has been removed.</returns>
    public long Bytes()
    {
        try
        {
            return new DirectoryInfo(Path).EnumerateFiles().Sum(file => file.Length);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Reads a folder's name back.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <returns>The checkpoint, or null where the name is not one.</returns>
    public static CheckpointInfo? Parse(string path)
    {
        string[] parts = System.IO.Path.GetFileName(path).Split('-');
        return parts is ["step", var step, ['g', .. var generation]]
            && int.TryParse(step, System.Globalization.NumberStyles.None, null, out int s)
            && int.TryParse(generation, System.Globalization.NumberStyles.None, null, out int g) && g < GenerationFile.Most
            ? new CheckpointInfo(path, s, g)
            : null;
    }
}
