using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.Files;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>
/// One run in this process: prepared (everything checked, nothing written), then executed from its first step or from its newest whole
/// checkpoint.
/// </summary>
public sealed class TrainingRun
{
    private TrainingRun(RunSpec spec, RunFolder folder, TrainingOptions options, bool resumes)
    {
        Spec = spec;
        Folder = folder;
        Options = options;
        Resumes = resumes;
        Data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, options.Datasets);
        Model = VaeModel.Create(spec, Data.Image);
        StepsPerEpoch = new EpochOrder(spec.Training.Seed, Data.Train.Count, spec.Training.Batch).StepsPerEpoch;
        Threads = options.Threads ?? Math.Min(Environment.ProcessorCount, spec.Training.Shards);
    }

    /// <summary>The resolved run.</summary>
    public RunSpec Spec { get; }

    /// <summary>Where it writes.</summary>
    public RunFolder Folder { get; }

    /// <summary>How it is executed.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The splits.</summary>
    public DataSplits Data { get; }

    /// <summary>The model.</summary>
    public VaeModel Model { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Threads that compute.</summary>
    public int Threads { get; }

    /// <summary>Whether it goes on from a checkpoint where there is one.</summary>
    internal bool Resumes { get; }

    /// <summary>Checks everything that a fresh run needs. Nothing is written.</summary>
    /// <param name="spec">The resolved run file.</param>
    /// <param name="folder">Where it will write.</param>
    /// <param name="force">Whether a run that is there already is removed.</param>
    /// <param name="options">How it is executed.</param>
    /// <exception cref="BadInputException">Data, model or folder cannot be used.</exception>
    public static TrainingRun Prepare(RunSpec spec, string folder, bool force, TrainingOptions options)
    {
        Check(spec, options);
        var files = new RunFolder(folder);
        if (File.Exists(files.Path)) throw new BadInputException("--out", null, folder, "a folder; this is a file");
        if (files.Exists && !force) throw InUse(folder);
        return new TrainingRun(spec, files, options, resumes: false) { Replaces = files.Exists };
    }

    /// <summary>Checks everything that a run needs to go on. Nothing is written.</summary>
    /// <param name="folder">Path of the run's folder.</param>
    /// <param name="options">How it is executed.</param>
    /// <exception cref="BadInputException">The folder holds no run, or its data cannot be read.</exception>
    public static TrainingRun PrepareResume(string folder, TrainingOptions options)
    {
        var files = new RunFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "this folder holds no run (no run.yaml)");
        RunSpec spec = RunFile.Load(files.SpecPath, [], RunVocabulary.All);
        spec = options.Places?.Invoke(spec) ?? spec;
        Check(spec, options);
        return new TrainingRun(spec, files, options, resumes: true);
    }

    /// <summary>Executes the run to its end.</summary>
    /// <param name="cancellation">Stops it after the step in progress, with a checkpoint.</param>
    /// <returns>What result.json holds.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; a checkpoint is written.</exception>
    public RunResult Execute(CancellationToken cancellation = default)
    {
        if (Resumes && Folder.IsFinished) return RunResult.Read(Folder.ResultPath);

        Directory.CreateDirectory(Folder.Path);

        // Generations that reach beyond this machine stand in for the lock: a coordinator that hangs must not keep its successor out.
        using RunLock? runLock = Options.Generations is null ? new RunLock(Folder) : null;
        if (!Resumes && !Replaces && Folder.Exists) throw InUse(Folder.Path); // by a process that came first since the check
        if (Replaces) Folder.Clear();
        if (!Resumes) DurableFile.Replace(Folder.SpecPath, RunFile.Write(Spec));
        if (Options.Cluster is null) Announce();
        using var session = new TrainingSession(this);
        return session.Execute(cancellation);
    }

    /// <summary>Whether a run that is there already is removed first.</summary>
    private bool Replaces { get; init; }

    private static BadInputException InUse(string folder) =>
        new("--out", null, folder, "a folder without a run in it (--force replaces it, `resume` goes on with it)");

    private static void Check(RunSpec spec, TrainingOptions options)
    {
        const int Most = 1024;
        Demand("--workers", options.Workers, Most);
        Demand("--ranges", options.Ranges, Most);
        if (options.Threads is { } threads) Demand("--threads", threads, Most);

        static void Demand(string option, int value, int most)
        {
            if (value < 1 || value > most)
                throw new BadInputException(option, null, FormattableString.Invariant($"{value}"), $"a whole number from 1 to {most}");
        }
    }

    private void Announce()
    {
        foreach (string note in Data.Notes) Options.Observer?.OnNotice(note);
        int shards = Spec.Training.Shards, workers = Options.Workers;
        if (workers > shards)
        {
            Options.Observer?.OnNotice($"{workers - shards} of {workers} workers idle: a batch has {shards} shards (training.shards)");
        }
        else if (AssignmentPlanner.Efficiency(shards, workers) is < 1 and var efficiency)
        {
            Options.Observer?.OnNotice(FormattableString.Invariant(
                $"{shards} shards do not divide by {workers} workers: {efficiency:P0} of their time is used"));
        }
    }
}
