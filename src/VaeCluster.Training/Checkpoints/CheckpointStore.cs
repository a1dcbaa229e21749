using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Parameters;
using VaeCluster.Training.Files;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// The checkpoints of a run in one folder. A checkpoint is written into a temporary folder, flushed and renamed: it is there whole or not
/// at all. Its manifest holds the SHA-256 of each file.
/// </summary>
public sealed class CheckpointStore
{
    private const string WeightsFile = "model.safetensors";
    private const string MomentsFile = "optimizer.safetensors";
    private const string StateFile = "state.json";
    private const string ManifestFile = "manifest.json";
    private const string TemporaryPrefix = ".writing-";
    private const long LongestJson = 1 << 24;
    private const string DamagedPrefix = "damaged-";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _folder;
    private readonly ParameterLayout _layout;
    private readonly string[] _momentNames;

    /// <summary>Opens a folder of checkpoints.</summary>
    /// <param name="folder">The folder; it need not exist yet.</param>
    /// <param name="layout">The flat vector's slices: the names in the files.</param>
    /// <param name="moments">Moments of the optimiser.</param>
    /// <param name="average">Which of them is an average of the weights; null: none.</param>
    public CheckpointStore(string folder, ParameterLayout layout, int moments, int? average = null)
    {
        _folder = folder;
        _layout = layout;
        _momentNames =
        [
            .. Enumerable.Range(0, moments).Select(i => i == average ? "average" : FormattableString.Invariant($"moment{i + 1}")),
        ];
    }

    /// <summary>Writes and publishes a checkpoint.</summary>
    /// <param name="checkpoint">What to write; not changed while the call runs.</param>
    /// <param name="generation">Incarnation that writes it.</param>
    /// <param name="beforePublish">
    /// Called when all is flushed, just before the rename; it throws where the writer has been replaced.
    /// </param>
    public CheckpointInfo Write(Checkpoint checkpoint, int generation, Action? beforePublish = null)
    {
        string name = CheckpointInfo.Name(checkpoint.State.Step, generation);
        string temporary = Path.Combine(_folder, TemporaryPrefix + name);
        try
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            DemandRunFolder();
            Directory.CreateDirectory(temporary);
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [WeightsFile] = DurableFile.Write(
                    Path.Combine(temporary, WeightsFile), stream => WriteTensors(stream, [string.Empty], [checkpoint.Weights])),
                [MomentsFile] = DurableFile.Write(
                    Path.Combine(temporary, MomentsFile), stream => WriteTensors(stream, _momentNames, checkpoint.Moments)),
                [StateFile] = DurableFile.Write(
                    Path.Combine(temporary, StateFile), stream => JsonSerializer.Serialize(stream, checkpoint.State, Json)),
            };
            var manifest = new CheckpointManifest(generation, checkpoint.State.Step, files);
            DurableFile.Write(Path.Combine(temporary, ManifestFile), stream => JsonSerializer.Serialize(stream, manifest, Json));
            DurableFile.FlushFolder(temporary);

            beforePublish?.Invoke();
            string final = Path.Combine(_folder, name);
            if (Directory.Exists(final)) Directory.Delete(final, recursive: true);
            Directory.Move(temporary, final);
            DurableFile.FlushFolder(_folder);
            return new CheckpointInfo(final, checkpoint.State.Step, generation);
        }
        catch (Exception)
        {
            // A full disk must not keep what could not be finished.
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>All checkpoints, newest first: by step, then by generation.</summary>
    public IReadOnlyList<CheckpointInfo> List() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateDirectories(_folder).Select(CheckpointInfo.Parse).OfType<CheckpointInfo>()
            .OrderByDescending(info => info.Step).ThenByDescending(info => info.Generation),
    ];

    /// <summary>Reads one checkpoint and proves it whole.</summary>
    /// <param name="info">Which.</param>
    /// <exception cref="DamagedCheckpointException">A file is missing or differs from the manifest.</exception>
    /// <exception cref="BadInputException">It is whole, and belongs to another model.</exception>
    public Checkpoint Read(CheckpointInfo info)
    {
        string name = Path.GetFileName(info.Path);
        CheckpointManifest manifest = ReadJson<CheckpointManifest>(info, ManifestFile);
        if (manifest.Step != info.Step || manifest.Generation != info.Generation)
            throw new DamagedCheckpointException(name, "its name differs from the manifest");
        foreach (string file in new[] { WeightsFile, MomentsFile, StateFile })
        {
            string path = Path.Combine(info.Path, file);
            if (!File.Exists(path) || RegularFile.WhyNot(path) is not null) throw new DamagedCheckpointException(name, $"{file} is missing");
            if (manifest.Files is null || !manifest.Files.TryGetValue(file, out string? expected) || HashOf(name, path) != expected)
                throw new DamagedCheckpointException(name, $"{file} differs from the manifest");
        }

        float[] weights = ReadTensors(info, WeightsFile, [string.Empty])[0];
        float[][] moments = ReadTensors(info, MomentsFile, _momentNames);
        TrainingState state = ReadJson<TrainingState>(info, StateFile);
        return state.Step == info.Step
            ? new Checkpoint(state, weights, moments)
            : throw new DamagedCheckpointException(name, $"{StateFile} is of another step");
    }

    /// <summary>The newest checkpoint that is whole.</summary>
    /// <param name="damaged">Told of each newer one that is not.</param>
    /// <returns>The checkpoint, or null where there is none.</returns>
    /// <exception cref="BadInputException">It is whole, and belongs to another model.</exception>
    public (CheckpointInfo Info, Checkpoint Checkpoint)? ReadNewest(Action<CheckpointInfo, DamagedCheckpointException> damaged)
    {
        foreach (CheckpointInfo info in List())
        {
            try
            {
                return (info, Read(info));
            }
            catch (DamagedCheckpointException fault)
            {
                damaged(info, fault);
            }
        }

        return null;
    }

    /// <summary>The checkpoint of one step, of the newest generation that wrote it.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <returns>The checkpoint, or null where there is none.</returns>
    public CheckpointInfo? Find(int step) => List().FirstOrDefault(info => info.Step == step);

    /// <summary>The whole checkpoint with the best score.</summary>
    /// <returns>The checkpoint, or null where none was judged.</returns>
    public CheckpointInfo? Best()
    {
        (CheckpointInfo Info, double Score)? best = null;
        foreach (CheckpointInfo info in List().Reverse())
        {
            if (TryReadScore(info) is { } score && (best is null || score > best.Value.Score)) best = (info, score);
        }

        return best?.Info;
    }

    /// <summary>
    /// Renames a damaged checkpoint, so that it is not read again, and does not count among the newest that stay.
    /// </summary>
    /// <param name="info">Which.</param>
    public void SetAside(CheckpointInfo info)
    {
        try
        {
            string aside = Path.Combine(_folder, DamagedPrefix + Path.GetFileName(info.Path));
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
            Directory.Move(info.Path, aside);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It stays in the way of one newer checkpoint; it is never read.
        }
    }

    /// <summary>
    /// Removes all but the newest, the best and the one that the run began from, and what a crash left unfinished.
    /// </summary>
    /// <param name="keep">How many of the newest stay.</param>
    public void Prune(int keep)
    {
        CheckpointInfo? best = Best();
        foreach (CheckpointInfo info in List().Skip(keep))
            if (info != best && info.Step > 0) TryDelete(info.Path);
        RemoveUnfinished();
    }

    /// <summary>Removes what a crash left unfinished.</summary>
    public void RemoveUnfinished()
    {
        if (!Directory.Exists(_folder)) return;
        foreach (string folder in Directory.EnumerateDirectories(_folder, TemporaryPrefix + "*")) TryDelete(folder);
    }

    private void WriteTensors(Stream stream, string[] prefixes, IReadOnlyList<float[]> vectors)
    {
        var tensors = new List<SafetensorsTensor>();
        for (int i = 0; i < vectors.Count; i++)
        {
            foreach (ParameterSlice slice in _layout.Slices)
                tensors.Add(
                    SafetensorsTensor.OfSingles(NameIn(prefixes[i], slice), slice.Shape, vectors[i].AsMemory(slice.Offset, slice.Length)));
        }

        Safetensors.Write(stream, tensors);
    }

    private float[][] ReadTensors(CheckpointInfo info, string file, string[] prefixes)
    {
        string name = Path.GetFileName(info.Path);
        SafetensorsFile tensors;
        try
        {
            tensors = Safetensors.Read(Path.Combine(info.Path, file));
        }
        catch (BadInputException fault)
        {
            throw new DamagedCheckpointException(name, fault.Message);
        }

        var vectors = new float[prefixes.Length][];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = new float[_layout.Length];
            foreach (ParameterSlice slice in _layout.Slices)
            {
                string tensor = NameIn(prefixes[i], slice);
                SafetensorsTensor? found = tensors.Find(tensor);
                if (found is not { Type: SafetensorsType.Single } || !found.Shape.SequenceEqual(slice.Shape))
                    throw OfAnotherModel(Path.Combine(info.Path, file), tensor, found, slice.Shape);
                found.Singles().CopyTo(slice.Of(vectors[i].AsSpan()));
            }
        }

        return vectors;
    }

    // Whole, as its manifest proves: the run file or the size of the images has changed since it was written.
    private static BadInputException OfAnotherModel(string file, string tensor, SafetensorsTensor? found, IReadOnlyList<int> shape)
    {
        string wanted = string.Join("×", shape);
        string text = found is null
            ? "missing"
            : $"{string.Join("×", found.Shape)} {(found.Type == SafetensorsType.Single ? "" : found.Type)}";
        return new BadInputException(file, tensor, text.TrimEnd(),
            $"the run file and the data now ask for {wanted} float32: the checkpoint is whole and belongs to another model or data set");
    }

    private static string NameIn(string prefix, ParameterSlice slice) => prefix.Length == 0 ? slice.Name : $"{prefix}.{slice.Name}";

    private static T ReadJson<T>(CheckpointInfo info, string file)
    {
        string name = Path.GetFileName(info.Path);
        try
        {
            string path = Path.Combine(info.Path, file);
            if (RegularFile.WhyNot(path) is not null) throw new DamagedCheckpointException(name, $"{file} is no file");
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > LongestJson) throw new DamagedCheckpointException(name, $"{file} is too long");
            return JsonSerializer.Deserialize<T>(stream, Json) ?? throw new DamagedCheckpointException(name, $"{file} is empty");
        }
        catch (Exception fault) when (
            fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new DamagedCheckpointException(name, $"{file} cannot be read");
        }
    }

    private static string HashOf(string name, string path)
    {
        try
        {
            return DurableFile.Hash(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DamagedCheckpointException(name, $"{Path.GetFileName(path)} cannot be read");
        }
    }

    // A folder of a run that was removed while it trains must not come back with nothing but this checkpoint in it.
    private void DemandRunFolder()
    {
        if (Path.GetDirectoryName(_folder) is { } run && !Directory.Exists(run))
            throw new DirectoryNotFoundException($"{run}: the folder of the run was removed while it trained");
        if (File.Exists(_folder))
            throw new IOException($"{_folder}: is a file, and the run keeps a folder of its checkpoints here; move it away");
    }

    private static double? TryReadScore(CheckpointInfo info)
    {
        try
        {
            return ReadJson<TrainingState>(info, StateFile).Score;
        }
        catch (DamagedCheckpointException)
        {
            return null;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is removed by the next pruning; it is never read.
        }
    }
}

/// <summary>manifest.json: what makes a checkpoint's files provably whole.</summary>
/// <param name="Generation">Incarnation that wrote it.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Files">SHA-256 of each file, in lower-case hexadecimal.</param>
internal sealed record CheckpointManifest(int Generation, int Step, IReadOnlyDictionary<string, string> Files);
