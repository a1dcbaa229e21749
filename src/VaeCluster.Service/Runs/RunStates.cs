namespace VaeCluster.Service.Runs;

/// <summary>Properties of run states.</summary>
public static class RunStates
{
    /// <summary>Whether a run in this state is in progress: queued, running, stopping or pausing.</summary>
    /// <param name="state">The state.</param>
    public static bool IsInProgress(this RunState state) =>
        state is RunState.Queued or RunState.Running or RunState.Stopping or RunState.Pausing;

    /// <summary>Whether a run in this state is to end after the step in progress.</summary>
    /// <param name="state">The state.</param>
    public static bool IsEnding(this RunState state) => state is RunState.Stopping or RunState.Pausing;

    /// <summary>The state of a run once it has ended as requested.</summary>
    /// <param name="state">The state while it is ending.</param>
    public static RunState AtRest(this RunState state) => state == RunState.Pausing ? RunState.Paused : RunState.Stopped;

    /// <summary>The state's name in the API.</summary>
    /// <param name="state">The state.</param>
    public static string Word(this RunState state) => state.ToString().ToLowerInvariant();
}
