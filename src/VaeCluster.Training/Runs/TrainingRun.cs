using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>
/// One run in this process: prepared (everything checked, nothing written), then executed from its first step or from its newest whole
/// checkpoint.
/// </summary>
public sealed class TrainingRun
{
    // As run.yaml has it; its data may lie elsewhere on this machine.
    private readonly RunSpec _written;
    private (Checkpoint Checkpoint, RunSource Source)? _start;
    private bool _isExtended;

    private TrainingRun(RunSpec written, RunSpec spec, RunFolder folder, TrainingOptions options, bool resumes)
    {
        _written = written;
        Spec = spec;
        Folder = folder;
        Options = options;
        Resumes = resumes;
        Data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, options.Datasets);
        Model = VaeModel.Create(spec, Data.Image);
        RunMemory.Demand(spec, Model, RunMemory.Available);
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

    /// <summary>What the run was made from; null before it has begun, and for runs of versions that recorded nothing.</summary>
    internal RunOrigin? Origin { get; private set; }

    /// <summary>Checks everything that a fresh run needs. Nothing is written.</summary>
    /// <param name="spec">The resolved run file.</param>
    /// <param name="folder">Where it will write.</param>
    /// <param name="force">Whether a run that is there already is removed.</param>
    /// <param name="options">How it is executed.</param>
    /// <param name="from">The weights to begin with; null: the run draws its own.</param>
    /// <exception cref="BadInputException">Data, model, folder or weights cannot be used.</exception>
    public static TrainingRun Prepare(RunSpec spec, string folder, bool force, TrainingOptions options, StartingWeights? from = null)
    {
        Check(spec, options);
        var files = new RunFolder(folder);
        if (File.Exists(files.Path)) throw new BadInputException("--out", null, folder, "a folder; this is a file");
        if (files.Exists && !force) throw InUse(folder);
        var run = new TrainingRun(spec, spec, files, options, resumes: false) { Replaces = files.Exists };
        run._start = from?.Read(spec, run.Model, OptimizerFactory.Create(spec.Training));
        return run;
    }

    /// <summary>Checks everything that a run needs to go on. Nothing is written.</summary>
    /// <param name="folder">Path of the run's folder.</param>
    /// <param name="options">How it is executed.</param>
    /// <param name="epochs">Train for so many epochs in place of those that it began with; null: as it began.</param>
    /// <exception cref="BadInputException">
    /// The folder holds no run, its data cannot be read, or run file or data are not those that the run began with; or its schedules depend
    /// on the number of epochs, so that more of them would have changed the steps that are done.
    /// </exception>
    public static TrainingRun PrepareResume(string folder, TrainingOptions options, int? epochs = null)
    {
        var files = new RunFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "this folder holds no run (no run.yaml)");
        RunSpec written = RunFile.Load(files.SpecPath, [], RunVocabulary.All), before = written;
        if (epochs is { } wanted && wanted != written.Training.Epochs)
        {
            if (wanted < written.Training.Epochs)
                throw new BadInputException("--epochs", null, FormattableString.Invariant($"{wanted}"),
                    $"the run has {written.Training.Epochs}; more can be added");
            written = written with { Training = written.Training with { Epochs = wanted } };
        }

        RunSpec spec = options.Places?.Invoke(written) ?? written;
        Check(spec, options);
        var run = new TrainingRun(written, spec, files, options, resumes: true) { Origin = RunOrigin.Read(files) };
        run.Origin?.Demand(folder, written, run.Data, exceptEpochs: epochs is not null);
        if (written != before)
        {
            EpochExtension.Demand(before, written, run.Model.Objective, run.StepsPerEpoch);
            run._isExtended = true;
        }

        return run;
    }

    /// <summary>Executes the run to its end.</summary>
    /// <param name="cancellation">Stops it after the step in progress, with a checkpoint.</param>
    /// <returns>What result.json holds.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; a checkpoint is written.</exception>
    public RunResult Execute(CancellationToken cancellation = default)
    {
        if (Resumes && Folder.IsFinished && !_isExtended) return ResultOf(Folder);

        Directory.CreateDirectory(Folder.Path);
        Folder.DemandUsable();

        // Generations that reach beyond this machine stand in for the lock: a coordinator that hangs must not keep its successor out.
        using RunLock? runLock = Options.Generations is null ? new RunLock(Folder) : null;
        if (!Resumes && !Replaces && Folder.Exists) throw InUse(Folder.Path); // by a process that came first since the check
        if (Replaces) Folder.Clear();
        Begin();
        foreach (string note in Data.Notes) Options.Observer?.OnNotice(note);
        if (Options.Cluster is null) Announce();
        using var session = new TrainingSession(this);
        return session.Execute(cancellation);
    }

    /// <summary>
    /// Writes what the run was made from, where nothing says so yet: the service makes the folder of a run, and a run of a version that
    /// recorded nothing is taken as it is found. Called when its checkpoint is read, so that a run that does not fit stays untouched.
    /// </summary>
    internal void RecordOnce()
    {
        if (Origin is null) Record(Folder, _written);
    }

    /// <summary>
    /// Writes what the run begins with into a folder, for a service whose drivers take it up from there: starting weights, what it is made
    /// from, and last the run file, so that a folder that has one has the others.
    /// </summary>
    /// <param name="folder">The folder; it exists.</param>
    /// <param name="spec">The run file, as the service resolves it.</param>
    public void WriteBeginning(RunFolder folder, RunSpec spec)
    {
        // A start that a crash has cut short may have left it.
        string first = Path.Combine(folder.CheckpointsPath, CheckpointInfo.Name(step: 0, generation: 0));
        if (Directory.Exists(first)) Directory.Delete(first, recursive: true);
        if (_start is { } start)
        {
            IOptimizer optimizer = OptimizerFactory.Create(Spec.Training);
            new CheckpointStore(folder.CheckpointsPath, Model.Layout, optimizer.Moments, optimizer.Average)
                .Write(start.Checkpoint, generation: 0);
        }

        Record(folder, spec);
        DurableFile.Replace(folder.SpecPath, RunFile.Write(spec));
    }

    private void Begin()
    {
        if (!Resumes) WriteBeginning(Folder, _written);
        if (!_isExtended) return;
        File.Delete(Folder.ResultPath);
        Record(Folder, _written);
        DurableFile.Replace(Folder.SpecPath, RunFile.Write(_written));
    }

    private void Record(RunFolder folder, RunSpec spec)
    {
        Origin = new RunOrigin
        {
            RunFile = RunFile.Write(spec),
            Data = Origin?.Data ?? Data.Record(),
            From = _start?.Source ?? Origin?.From,
        };
        Origin.Write(folder);
    }

    /// <summary>Whether a run that is there already is removed first.</summary>
    private bool Replaces { get; init; }

    private static RunResult ResultOf(RunFolder folder)
    {
        try
        {
            return RunResult.Read(folder.ResultPath);
        }
        catch (JsonException fault)
        {
            throw new BadInputException(
                folder.ResultPath, null, null, "is damaged; remove it, and `resume` writes it again from the last checkpoint", fault);
        }
    }

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
