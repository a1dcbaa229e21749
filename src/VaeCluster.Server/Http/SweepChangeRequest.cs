namespace VaeCluster.Server.Http;

/// <summary>The request body that changes a sweep.</summary>
/// <param name="Set">Overrides such as <c>parallel=4</c> and <c>search.trials=40</c>.</param>
public sealed record SweepChangeRequest(IReadOnlyList<string> Set);
