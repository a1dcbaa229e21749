namespace VaeCluster.Server.Http;

/// <summary>A line of a log, to be sent as an event.</summary>
/// <param name="Id">The position after which a reader can continue.</param>
/// <param name="Kind">The event's type.</param>
/// <param name="Json">A JSON object in one line, UTF-8.</param>
internal readonly record struct LoggedEvent(string Id, string Kind, ReadOnlyMemory<byte> Json);
