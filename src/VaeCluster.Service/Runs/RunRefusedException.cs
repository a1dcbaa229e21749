using VaeCluster.Core;

namespace VaeCluster.Service.Runs;

/// <summary>A request that is understood and refused; its message is one line like that of a <see cref="BadInputException"/>.</summary>
/// <param name="reason">Why.</param>
/// <param name="fault">What is at fault and what would be allowed.</param>
public sealed class RunRefusedException(RunRefusal reason, BadInputException fault) : Exception(fault.Message, fault)
{
    /// <summary>Why.</summary>
    public RunRefusal Reason { get; } = reason;

    /// <summary>What is at fault and what would be allowed.</summary>
    public BadInputException Fault { get; } = fault;

    /// <summary>There is no run of this id.</summary>
    /// <param name="id">The id that was asked for.</param>
    public static RunRefusedException NoSuchRun(string id) =>
        new(RunRefusal.NotFound, new BadInputException("run", null, id, "there is no such run"));

    /// <summary>There is no sweep of this id.</summary>
    /// <param name="id">The id that was asked for.</param>
    public static RunRefusedException NoSuchSweep(string id) =>
        new(RunRefusal.NotFound, new BadInputException("sweep", null, id, "there is no such sweep"));

    /// <summary>The run's state does not allow this.</summary>
    /// <param name="id">The run.</param>
    /// <param name="allowed">What state it is in and what would be needed.</param>
    public static RunRefusedException Conflict(string id, string allowed) =>
        new(RunRefusal.Conflict, new BadInputException("run", null, id, allowed));
}
