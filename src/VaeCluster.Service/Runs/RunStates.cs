namespace VaeCluster.Service.Runs;

/// <summary>What states have in common.</summary>
public static class RunStates
{
    /// <summary>Whether a run waits, trains or writes its last checkpoint.</summary>
    /// <param name="state">The state.</param>
    public static bool IsInProgress(this RunState state) =>
        state is RunState.Queued or RunState.Running or RunState.Stopping or RunState.Pausing;

    /// <summary>Whether a run was told to end after the step in progress.</summary>
    /// <param name="state">The state.</param>
    public static bool IsEnding(this RunState state) => state is RunState.Stopping or RunState.Pausing;

    /// <summary>Where a run comes to once it has ended.</summary>
    /// <param name="state">The state that it was told to end in.</param>
    public static RunState AtRest(this RunState state) => state == RunState.Pausing ? RunState.Paused : RunState.Stopped;

    /// <summary>The state as the API words it.</summary>
    /// <param name="state">The state.</param>
    public static string Word(this RunState state) => state.ToString().ToLowerInvariant();
}
