using System.Collections.Concurrent;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Tests.Fixtures;

/// <summary>
/// A fake runner without training: ten steps per epoch, an ELBO given by a function, and a saved epoch per trial in place of
/// checkpoints. Failures can be injected.
/// </summary>
public sealed class ScriptedTrials(Func<TrialWork, int, double> elbo) : ITrialRunner
{
    public const int StepsPerEpoch = 10;

    private int _running;

    /// <summary>Steps trained by each trial, including repeated ones.</summary>
    public ConcurrentDictionary<int, int> Trained { get; } = [];

    /// <summary>The last epoch saved by each trial.</summary>
    public ConcurrentDictionary<int, int> Saved { get; } = [];

    /// <summary>Called before each epoch; an exception makes the trial fail.</summary>
    public Action<TrialWork, int>? BeforeEpoch { get; init; }

    /// <summary>The largest number of trials that ran at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The value of <see cref="TrialWork.Parallel"/> that each trial received.</summary>
    public ConcurrentQueue<int> Shares { get; } = [];

    public void Check(RunSpec run, IReadOnlyList<ScoreKind> scores)
    {
        if (scores.Any(score => score.NeedsFactors))
            throw new BadInputException(BadInputException.RunFile, "data.dataset", run.Data.Dataset.Name, "must have factors");
    }

    public async Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
    {
        Shares.Enqueue(work.Parallel);
        lock (Trained) MostAtOnce = Math.Max(MostAtOnce, ++_running);
        try
        {
            return await TrainAsync(work, watch, cancellation);
        }
        finally
        {
            lock (Trained) _running--;
        }
    }

    /// <summary>Scores each trial by its position in the list.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(
        IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores, CancellationToken cancellation) =>
        [.. folders.Select((folder, i) => scores.ToDictionary(score => score.Name, _ => (double)(i + folders.Count)))];

    private async Task<TrialEnd> TrainAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
    {
        int index = work.Trial.Index, epochs = work.Run.Training.Epochs, from = Saved.GetValueOrDefault(index);
        watch.OnBegun((from * StepsPerEpoch) + 1, epochs * StepsPerEpoch);
        bool stops = work.StopStep is { } stop && from * StepsPerEpoch >= stop;
        for (int epoch = from + 1; epoch <= epochs && !stops; epoch++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            BeforeEpoch?.Invoke(work, epoch);
            Trained.AddOrUpdate(index, StepsPerEpoch, (_, steps) => steps + StepsPerEpoch);
            watch.OnStep(epoch * StepsPerEpoch);
            stops = !watch.OnMeasured(epoch, epoch * StepsPerEpoch, Scores(elbo(work, epoch)));
            Saved[index] = epoch;
        }

        int steps = Saved[index] * StepsPerEpoch;
        string sha256 = $"{work.Trial.FolderName}@{steps}";
        if (stops) return new TrialEnd(steps, sha256, new Dictionary<string, double>(), Result: null);
        var scores = new Dictionary<string, double>(Scores(elbo(work, epochs)));
        foreach (ScoreKind kind in work.Scores) scores.TryAdd(kind.Name, elbo(work, epochs));
        return new TrialEnd(steps, sha256, scores, Result(steps, epochs, sha256));
    }

    private static Dictionary<string, double> Scores(double elbo) => new() { ["elbo"] = elbo, ["reconstruction"] = -elbo, ["kl"] = 0 };

    private static RunResult Result(int steps, int epochs, string sha256) => new()
    {
        Status = "finished",
        Steps = steps,
        Epochs = epochs,
        WeightsSha256 = sha256,
        Train = null,
        Test = null,
        Seconds = 1,
        SamplesPerSecond = 1,
        StepMilliseconds = new StepTimes(1, 1),
        Workers = 1,
        Threads = 1,
        Engine = "scripted",
    };
}
