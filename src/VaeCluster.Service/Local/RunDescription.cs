using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Local;

/// <summary>What this server says of a run.</summary>
internal static class RunDescription
{
    /// <summary>What the files say of a run, or its job where it is in progress.</summary>
    /// <param name="run">The run.</param>
    /// <param name="job">Its job; null: not in progress.</param>
    /// <param name="whole">Whether with run file and result.</param>
    internal static RunInfo Of(RunFolder run, RunJob? job, bool whole)
    {
        RunRecord record = job?.Record ?? RunRecord.Load(run.Path);
        var known = new StoredRun
        {
            Id = Path.GetFileName(run.Path),
            Submitted = record.Submitted,
            Workers = record.Workers,
            State = job is not null ? record.State : StateAtRest(run, record),
            Beginning = record.Beginning,
            Notes = record.Notes,
            Error = record.Error,
        };
        return RunCatalog.Describe(run, known, job?.Step, whole);
    }

    // A record that says "in progress" without a job is of a server that was killed.
    private static RunState StateAtRest(RunFolder run, RunRecord record) =>
        run.IsFinished ? RunState.Finished : record.State switch
        {
            RunState.Failed => RunState.Failed,
            RunState.Paused or RunState.Pausing => RunState.Paused,
            _ => RunState.Stopped,
        };
}
