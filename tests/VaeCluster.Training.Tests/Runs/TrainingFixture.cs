using System.Buffers.Binary;
using System.Security.Cryptography;
using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Tests.Interpreted;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>A folder with forty images of 4×4 and runs over them: 8 shards of one example, five steps an epoch.</summary>
public sealed class TrainingFixture : IDisposable
{
    public const int StepsPerEpoch = 5;

    /// <summary>What a run adds that keeps a moving average of its weights.</summary>
    public const string Average = "training.average=ema training.average.decay=0.8";

    public TrainingFixture() => WriteImages(Path.Combine(Folder, "images.idx"), 40, 4);

    /// <summary>Square images in an IDX file.</summary>
    public static void WriteImages(string path, int count, int size)
    {
        using FileStream stream = File.Create(path);
        Span<byte> header = stackalloc byte[16];
        foreach ((int i, int value) in new[] { 0x803, count, size, size }.Index())
            BinaryPrimitives.WriteInt32BigEndian(header[(4 * i)..], value);
        stream.Write(header);
        for (int i = 0; i < count * size * size; i++) stream.WriteByte((byte)((i * 37 % 11) * 23));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public string In(string name) => Path.Combine(Folder, name);

    public RunSpec Spec(
        string more = "", int epochs = 3, string network = "architecture: mlp, hidden: [5], activation: tanh") => RunFile.Parse(
        $$"""
        name: tiny
        data: { dataset: idx, path: images.idx }
        model: { {{network}}, latent: 2 }
        training: { epochs: {{epochs}}, batch: 8, shards: 8, learningRate: 0.01 }
        checkpoint: { everySteps: 2, keep: 2 }
        """, "run.yaml", Folder, more.Length == 0 ? [] : more.Split(' '), Folder, RunVocabulary.All);

    public static TrainingOptions Options(int workers = 1, int threads = 1, int ranges = 1, Func<IEngine>? engine = null,
        Action<string, int, TreeNode>? beforeNode = null, IRunObserver? observer = null) => new()
        {
            Engine = engine ?? (() => new InterpretedEngine()),
            Evaluator = (_, _, _, _) => new FixedEvaluator(),
            Workers = workers,
            Threads = threads,
            Ranges = ranges,
            BeforeNode = beforeNode,
            Observer = observer,
        };

    public RunResult Train(string name, TrainingOptions options, RunSpec? spec = null) =>
        TrainingRun.Prepare(spec ?? Spec(), In(name), force: false, options).Execute();

    public RunResult Resume(string name, TrainingOptions options) => TrainingRun.PrepareResume(In(name), options).Execute();

    /// <summary>Trains until a step is done, as if Ctrl-C were pressed then.</summary>
    public void Interrupt(string name, int after, RunSpec? spec = null, StartingWeights? from = null, Func<IEngine>? engine = null)
    {
        using var stop = new CancellationTokenSource();
        var observer = new Recorder { StepDone = step => { if (step == after) stop.Cancel(); } };
        TrainingRun run = TrainingRun.Prepare(spec ?? Spec(), In(name), force: false, Options(engine: engine, observer: observer), from);
        Assert.Throws<OperationCanceledException>(() => run.Execute(stop.Token));
    }

    /// <summary>Replaces a text of a file, which must be there.</summary>
    public void Edit(string name, string before, string after)
    {
        string text = File.ReadAllText(In(name));
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(In(name), text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Every file below a folder with its length and the hash of its content, but for the lock.</summary>
    public string[] Files(string name) =>
    [
        .. Directory.EnumerateFiles(In(name), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "run.lock")
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")
            .Order(StringComparer.Ordinal),
    ];

    public int[] LoggedSteps(string name) =>
    [
        .. File.ReadLines(Path.Combine(In(name), "metrics.jsonl")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("step").GetInt32()),
    ];

    public string[] Checkpoints(string name) =>
        [.. Directory.GetDirectories(Path.Combine(In(name), "checkpoints")).Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Judges the weights by their first element: what Training does with a score is the matter here, not the score.</summary>
    public sealed class FixedEvaluator : IEvaluator
    {
        public EvaluationRecord Evaluate(ReadOnlyMemory<float> weights, Split split, int step, int epoch, CancellationToken cancellation) =>
            new(step, epoch, split.Name, split.Count, weights.Span[0], 0, [0, 0], 0);

        public void Dispose()
        {
        }
    }
}
