using VaeCluster.Core;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>The checkpoint files of a run, for download.</summary>
public static class CheckpointFiles
{
    private static readonly string[] Names = ["model.safetensors", "optimizer.safetensors", "state.json", "manifest.json"];

    /// <summary>The checkpoints, newest first.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<RunCheckpoint> List(RunFolder run)
    {
        if (!Directory.Exists(run.CheckpointsPath)) return [];
        return
        [
            .. Directory.EnumerateDirectories(run.CheckpointsPath).Select(CheckpointInfo.Parse).OfType<CheckpointInfo>()
                .OrderByDescending(info => info.Step).ThenByDescending(info => info.Generation).Select(Describe)
                    .Where(checkpoint => checkpoint.Files.Count > 0),
        ];
    }

    /// <summary>Opens a file of a checkpoint. Both names are looked up among the existing ones and never used as paths.</summary>
    /// <param name="run">The run.</param>
    /// <param name="checkpoint">The checkpoint's name.</param>
    /// <param name="file">The file's name.</param>
    /// <exception cref="RunRefusedException">The checkpoint or file does not exist.</exception>
    public static Stream Open(RunFolder run, string checkpoint, string file)
    {
        bool exists = Directory.Exists(run.CheckpointsPath)
            && Directory.EnumerateDirectories(run.CheckpointsPath).Select(CheckpointInfo.Parse)
                .Any(info => info is not null && Path.GetFileName(info.Path) == checkpoint);
        if (!exists)
            throw NotFound("checkpoint", checkpoint, "this run has no such checkpoint; older ones are removed (checkpoint.keep)");
        if (!Names.Contains(file)) throw NotFound("file", file, $"one of {string.Join(", ", Names)}");
        try
        {
            return new FileStream(Path.Combine(run.CheckpointsPath, checkpoint, file), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException)
        {
            throw NotFound("checkpoint", checkpoint, "this checkpoint has just been removed (checkpoint.keep)");
        }
    }

    private static RunCheckpoint Describe(CheckpointInfo info)
    {
        try
        {
            var files = new DirectoryInfo(info.Path).EnumerateFiles().Where(file => Names.Contains(file.Name))
                .ToDictionary(file => file.Name, file => file.Length);
            return new RunCheckpoint(Path.GetFileName(info.Path), info.Step, Directory.GetLastWriteTimeUtc(info.Path), files);
        }
        catch (IOException)
        {
            // it has just been removed
            return new RunCheckpoint(Path.GetFileName(info.Path), info.Step, default, new Dictionary<string, long>());
        }
    }

    private static RunRefusedException NotFound(string what, string value, string allowed) =>
        new(RunRefusal.NotFound, new BadInputException(what, null, value, allowed));
}
