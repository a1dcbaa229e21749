namespace VaeCluster.Server.Http;

/// <summary>A change of a sweep.</summary>
/// <param name="Set">Such as <c>parallel=4</c> and <c>search.trials=40</c>.</param>
public sealed record SweepChangeRequest(IReadOnlyList<string> Set);
