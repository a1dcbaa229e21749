using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Training.Runs;

/// <summary>How a run is executed in this process. None of it changes the weights.</summary>
public sealed record TrainingOptions
{
    /// <summary>Makes the engine.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Makes what judges the model; it is given the engine and the number of threads.</summary>
    public required Func<RunSpec, VaeModel, IEngine, int, IEvaluator> Evaluator { get; init; }

    /// <summary>Workers at the start.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads of the whole process; null: one a core, at most one a shard.</summary>
    public int? Threads { get; init; }

    /// <summary>Parameter ranges.</summary>
    public int Ranges { get; init; } = 1;

    /// <summary>Watches the run.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>Clock of everything measured.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called before the first step of this process, when the run folder is there: the place for what is kept of the
    /// data.</summary>
    public Action<TrainingRun>? Beginning { get; init; }

    /// <summary>Called when training and evaluation are done and all but the result is written: the place for the report.</summary>
    public Action<FinishedRun>? Finishing { get; init; }

    /// <summary>Makes the cluster that computes; null: one in this process, of <see cref="Workers"/> and <see cref="Ranges"/>.</summary>
    public Func<TrainingRun, ITrainingCluster>? Cluster { get; init; }

    /// <summary>The run's generations; null: those of the processes of this machine, with a lock beside it.</summary>
    public IGenerations? Generations { get; init; }

    /// <summary>Finds a run's data where they are on this machine; null: where the run file says.</summary>
    public Func<RunSpec, RunSpec>? Places { get; init; }

    /// <summary>Data that are open in this process; null: none are.</summary>
    public DatasetCache? Datasets { get; init; }

    /// <summary>Told of the phases of each step in this process; null: nobody looks.</summary>
    public PhaseTimeline? Timeline { get; init; }

    /// <summary>Gives the weights away while the run goes on; null: nobody asks for them.</summary>
    public LiveWeights? Live { get; init; }

    /// <summary>See <see cref="InProcess.InProcessOptions.BeforeNode"/>.</summary>
    public Action<string, int, TreeNode>? BeforeNode { get; init; }
}
