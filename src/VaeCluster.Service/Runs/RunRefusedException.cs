using VaeCluster.Core;

namespace VaeCluster.Service.Runs;

/// <summary>A valid request that is refused. Its message is one line, like that of a <see cref="BadInputException"/>.</summary>
/// <param name="reason">The kind of refusal.</param>
/// <param name="fault">The offending input, and what is allowed.</param>
public sealed class RunRefusedException(RunRefusal reason, BadInputException fault) : Exception(fault.Message, fault)
{
    /// <summary>The kind of refusal.</summary>
    public RunRefusal Reason { get; } = reason;

    /// <summary>The offending input, and what is allowed.</summary>
    public BadInputException Fault { get; } = fault;

    /// <summary>The error for an unknown run.</summary>
    /// <param name="id">The requested id.</param>
    public static RunRefusedException NoSuchRun(string id) =>
        new(RunRefusal.NotFound, new BadInputException("run", null, id, "there is no such run"));

    /// <summary>The error for an unknown sweep.</summary>
    /// <param name="id">The requested id.</param>
    public static RunRefusedException NoSuchSweep(string id) =>
        new(RunRefusal.NotFound, new BadInputException("sweep", null, id, "there is no such sweep"));

    /// <summary>The error for something that the run's state does not allow.</summary>
    /// <param name="id">The run.</param>
    /// <param name="allowed">The current state and what is needed.</param>
    public static RunRefusedException Conflict(string id, string allowed) =>
        new(RunRefusal.Conflict, new BadInputException("run", null, id, allowed));
}
