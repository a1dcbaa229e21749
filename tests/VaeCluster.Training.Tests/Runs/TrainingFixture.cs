using System.Buffers.Binary;
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

    public TrainingFixture()
    {
        using FileStream stream = File.Create(Path.Combine(Folder, "images.idx"));
        Span<byte> header = stackalloc byte[16];
        foreach ((int i, int value) in new[] { 0x803, 40, 4, 4 }.Index()) BinaryPrimitives.WriteInt32BigEndian(header[(4 * i)..], value);
        stream.Write(header);
        for (int i = 0; i < 40 * 16; i++) stream.WriteByte((byte)((i * 37 % 11) * 23));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public string In(string name) => Path.Combine(Folder, name);

    public RunSpec Spec(string more = "", int epochs = 3) => RunFile.Parse(
        $$"""
        name: tiny
        data: { dataset: idx, path: images.idx }
        model: { architecture: mlp, hidden: [5], activation: tanh, latent: 2 }
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
